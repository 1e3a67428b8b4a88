using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Http;
using Xunit;
using static AgentGateway.Tests.Proxy.Routing.Routes;

namespace AgentGateway.Tests.Proxy.Routing;

public sealed class RouteIndexTests
{
    [Theory]
    [InlineData("/foo", "/foo", true)]
    [InlineData("/foo", "/foo/", true)]
    [InlineData("/foo", "/foo/bar", true)]
    [InlineData("/foo", "/foobar", false)]
    [InlineData("/foo", "/fo", false)]
    [InlineData("/foo", "/Foo", false)]
    [InlineData("/foo/", "/foo", true)]
    [InlineData("/foo/", "/foo/bar", true)]
    [InlineData("/foo/", "/foobar", false)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/any/thing", true)]
    [InlineData("/foo", "/%66oo", false)]
    [InlineData("/foo", "/x/../foo", false)]
    [InlineData("/a%2Fb", "/a%2Fb/c", true)]
    public void Match_PathPrefix_CoversWholeSegments(string prefix, string path, bool expected) =>
        Assert.Equal(expected ? "r" : null, Index(Route("r", Prefix(prefix))).Match(path));

    [Theory]
    [InlineData("/foo", "/foo", true)]
    [InlineData("/foo", "/foo/", false)]
    [InlineData("/foo", "/foo?x=1", true)]
    [InlineData("/foo/", "/foo", false)]
    public void Match_ExactPath_IsEqual(string exact, string target, bool expected) =>
        Assert.Equal(expected ? "r" : null, Index(Route("r", Exact(exact))).Match(target));

    [Theory]
    [InlineData("/v[0-9]+", "/v12", true)]
    [InlineData("/v[0-9]+", "/v12/x", false)]
    [InlineData("/v[0-9]+", "/api/v12", false)]
    [InlineData("^/v[0-9]+$", "/v12", true)]
    [InlineData("v.*", "/v12", false)]
    [InlineData(".*", "/anything/at?all", true)]
    [InlineData("/a|/ab", "/ab", false)]
    [InlineData("/ab|/a", "/ab", true)]
    public void Match_PathRegex_FirstMatchSpansThePath(string pattern, string target, bool expected) =>
        Assert.Equal(expected ? "r" : null, Index(Route("r", Regex(pattern))).Match(target));

    [Fact]
    public void Match_SeveralKinds_ExactThenLongerPrefixThenRegex()
    {
        var index = Index(
            Route("a-regex", Regex("/foo/.*")),
            Route("b-root", Prefix("/")),
            Route("c-foo", Prefix("/foo")),
            Route("d-foobar", Prefix("/foo/bar")),
            Route("e-exact", Exact("/foo/bar")));

        Assert.Equal("e-exact", index.Match("/foo/bar"));
        Assert.Equal("d-foobar", index.Match("/foo/bar/x"));
        Assert.Equal("c-foo", index.Match("/foo/x"));
        Assert.Equal("b-root", index.Match("/other"));
        Assert.Equal("a-regex", Index(Route("a-regex", Regex("/foo/.*")), Route("c", Prefix("/bar"))).Match("/foo/x"));
    }

    [Fact]
    public void Match_TwoRegexes_LongerPatternWins() =>
        Assert.Equal("b", Index(Route("a", Regex("/v.*")), Route("b", Regex("/v[0-9]*")), Route("c", Regex(".*"))).Match("/v1"));

    [Fact]
    public void Match_SamePath_MethodThenHeadersThenQueryDecide()
    {
        var headers = new HeaderDictionary { ["a"] = "1", ["b"] = "2" };
        var index = Index(
            Route("a-plain", new RouteMatchSnapshot()),
            Route("b-query", new RouteMatchSnapshot { Query = [Query("q", "1"), Query("r", "2")] }),
            Route("c-header", new RouteMatchSnapshot { Headers = [Header("a", "1")] }),
            Route("d-headers", new RouteMatchSnapshot { Headers = [Header("a", "1"), Header("b", "2")] }),
            Route("e-method", new RouteMatchSnapshot { Method = "POST" }));

        Assert.Equal("e-method", index.Match("/?q=1&r=2", method: "POST", headers: headers));
        Assert.Equal("d-headers", index.Match("/?q=1&r=2", headers: headers));
        Assert.Equal("c-header", index.Match("/?q=1&r=2", headers: new HeaderDictionary { ["a"] = "1" }));
        Assert.Equal("b-query", index.Match("/?r=2&q=1"));
        Assert.Equal("a-plain", index.Match("/?r=2"));
    }

    [Fact]
    public void Match_Ties_KeyInStringOrderDecidesAndNotThePositionInTheDocument() =>
        Assert.Equal("route10", Index(Route("route2", Prefix("/")), Route("route10", Prefix("/"))).Match("/"));

    [Theory]
    [InlineData("example.com", "exact")]
    [InlineData("EXAMPLE.com", "exact")]
    [InlineData("example.com:8080", "exact")]
    [InlineData("example.com.", "exact")]
    [InlineData("example.com.:80", "exact")]
    [InlineData("api.example.com", "suffix")]
    [InlineData("x.api.example.com", "longer-suffix")]
    [InlineData("y.x.api.example.com", "longer-suffix")]
    [InlineData(".example.com", "any")]
    [InlineData("notexample.com", "any")]
    [InlineData("[::1]:8080", "v6")]
    [InlineData("[::1]", "v6")]
    [InlineData("", "any")]
    public void Match_HostNames_ExactThenLongestSuffixThenAny(string host, string expected)
    {
        var index = Index(
            Route("any") with { Hostnames = [] },
            Route("suffix") with { Hostnames = ["*.example.com"] },
            Route("longer-suffix") with { Hostnames = ["*.api.example.com"] },
            Route("exact") with { Hostnames = ["Example.com"] },
            Route("v6") with { Hostnames = ["[::1]"] });

        Assert.Equal(expected, index.Match("/", host));
    }

    [Fact]
    public void Match_HostNameStar_MeansAny() =>
        Assert.Equal("r", Index(Route("r") with { Hostnames = ["*"] }).Match("/", "whatever.example"));

    [Fact]
    public void Match_NothingInTheBetterHostName_FallsThroughToTheNext()
    {
        var index = Index(
            Route("exact", Prefix("/exact")) with { Hostnames = ["a.example.com"] },
            Route("suffix", Prefix("/suffix")) with { Hostnames = ["*.example.com"] },
            Route("any", Prefix("/any")));

        Assert.Equal("exact", index.Match("/exact", "a.example.com"));
        Assert.Equal("suffix", index.Match("/suffix", "a.example.com"));
        Assert.Equal("any", index.Match("/any", "a.example.com"));
        Assert.Null(index.Match("/none", "a.example.com"));
    }

    [Fact]
    public void Match_Method_IsCaseSensitive()
    {
        var index = Index(Route("r", new RouteMatchSnapshot { Method = "GET" }));

        Assert.Equal("r", index.Match("/"));
        Assert.Null(index.Match("/", method: "get"));
        Assert.Null(index.Match("/", method: "HEAD"));
    }

    [Theory]
    [InlineData(":method", "POST", true)]
    [InlineData(":path", "/a/b?c=d", true)]
    [InlineData(":path", "/a/b", false)]
    [InlineData(":authority", "example.com:81", true)]
    [InlineData(":authority", "example.com", false)]
    [InlineData(":scheme", "http", true)]
    [InlineData(":scheme", "https", false)]
    public void Match_PseudoHeader_IsAPartOfTheRequest(string name, string value, bool expected) =>
        Assert.Equal(
            expected ? "r" : null,
            Index(Route("r", new RouteMatchSnapshot { Headers = [Header(name, value)] })).Match("/a/b?c=d", "example.com:81", "POST"));

    [Fact]
    public void Match_RepeatedHeader_AnyValueIsEnough()
    {
        var index = Index(Route("r", new RouteMatchSnapshot { Headers = [HeaderRegex("X-Version", "v[0-9]")] }));

        Assert.Equal("r", index.Match("/", headers: new HeaderDictionary { ["x-version"] = new(["old", "v2"]) }));
        Assert.Null(index.Match("/", headers: new HeaderDictionary { ["x-version"] = new(["old", "v22"]) }));
        Assert.Null(index.Match("/"));
    }

    [Theory]
    [InlineData("/?a=1", "1", true)]
    [InlineData("/?a=1&a=2", "2", true)]
    [InlineData("/?a=1&a=2", "1", false)]
    [InlineData("/?b=1", "1", false)]
    [InlineData("/?a", "", true)]
    [InlineData("/?a=", "", true)]
    [InlineData("/?%61=x+y%20z", "x y z", true)]
    [InlineData("/?a=%C3%A9t%C3%A9", "été", true)]
    [InlineData("/?a=%F0%9F%98%80%F0%9F%98%80", "😀😀", true)]
    [InlineData("/?a=%zz%4", "%zz%4", true)]
    [InlineData("/?a=1=2", "1=2", true)]
    [InlineData("/?&&a=1&&", "1", true)]
    [InlineData("/?", "", false)]
    [InlineData("/", "", false)]
    public void Match_Query_LastDecodedValueCounts(string target, string value, bool expected) =>
        Assert.Equal(expected ? "r" : null, Index(Route("r", new RouteMatchSnapshot { Query = [Query("a", value)] })).Match(target));

    [Fact]
    public void Match_LongEncodedQueryValue_IsDecodedWhole()
    {
        var value = string.Concat(Enumerable.Repeat("é€😀x", 400));
        var index = Index(Route("r", new RouteMatchSnapshot { Query = [Query("a", value)] }));

        Assert.Equal("r", index.Match("/?a=" + Uri.EscapeDataString(value)));
    }

    [Fact]
    public void Match_QueryRegex_SpansTheValue()
    {
        var index = Index(Route("r", new RouteMatchSnapshot { Query = [QueryRegex("page", "[0-9]+")] }));

        Assert.Equal("r", index.Match("/?page=12"));
        Assert.Null(index.Match("/?page=12x"));
    }

    [Fact]
    public void Match_AnyOfSeveralMatches_IsEnough()
    {
        var index = Index(Route("r", new RouteMatchSnapshot { Path = Exact("/a") }, new RouteMatchSnapshot { Path = Exact("/b"), Method = "POST" }));

        Assert.Equal("r", index.Match("/a"));
        Assert.Null(index.Match("/b"));
        Assert.Equal("r", index.Match("/b", method: "POST"));
    }

    [Fact]
    public void Match_ManyRoutes_AllocatesNothing()
    {
        var index = Index([.. Enumerable.Range(0, 1000).Select(i => Route($"r{i}", Prefix($"/service{i}/api")) with { Hostnames = [$"host{i}.example.com"] })]);
        var headers = new HeaderDictionary();
        Assert.Equal("r500", index.Match("/service500/api/users?x=1", "host500.example.com", headers: headers));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            index.Match("/service500/api/users?x=1", "host500.example.com", headers: headers);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
