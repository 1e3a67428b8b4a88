using System.Text;
using AgentGateway.McpFetch.Content;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Content;

public sealed class ContentClassifierTests
{
    [Theory]
    [InlineData("text/html", nameof(ContentKind.Html))]
    [InlineData("TEXT/HTML; charset=utf-8", nameof(ContentKind.Html))]
    [InlineData("text/html; charset=", nameof(ContentKind.Html))]
    [InlineData("application/xhtml+xml", nameof(ContentKind.Html))]
    [InlineData("application/json", nameof(ContentKind.Text))]
    [InlineData("application/ld+json", nameof(ContentKind.Text))]
    [InlineData("application/x-ndjson", nameof(ContentKind.Text))]
    [InlineData("application/yaml", nameof(ContentKind.Text))]
    [InlineData("application/javascript", nameof(ContentKind.Text))]
    [InlineData("text/plain", nameof(ContentKind.Text))]
    [InlineData("text/markdown", nameof(ContentKind.Text))]
    [InlineData("text/csv", nameof(ContentKind.Text))]
    [InlineData("application/xml", nameof(ContentKind.Xml))]
    [InlineData("application/rss+xml", nameof(ContentKind.Xml))]
    [InlineData("image/svg+xml", nameof(ContentKind.Xml))]
    [InlineData("application/pdf", nameof(ContentKind.Binary))]
    [InlineData("application/octet-stream", nameof(ContentKind.Binary))]
    [InlineData("application/zip", nameof(ContentKind.Binary))]
    [InlineData("image/png", nameof(ContentKind.Binary))]
    [InlineData("audio/mpeg", nameof(ContentKind.Binary))]
    [InlineData("video/mp4", nameof(ContentKind.Binary))]
    [InlineData("font/woff2", nameof(ContentKind.Binary))]
    public void Classify_MediaType_Decides(string contentType, string kind) =>
        Assert.Equal(kind, ContentClassifier.Classify(MediaType.Parse(contentType).Name, "x"u8).ToString());

    [Theory]
    [InlineData("<!DOCTYPE html><p>x", nameof(ContentKind.Html))]
    [InlineData("\n  <html>", nameof(ContentKind.Html))]
    [InlineData("<?xml version='1.0'?><feed/>", nameof(ContentKind.Xml))]
    [InlineData("{\"a\":1}", nameof(ContentKind.Text))]
    [InlineData("plain", nameof(ContentKind.Text))]
    [InlineData("", nameof(ContentKind.Text))]
    [InlineData("\u0089PNG\r\n\u001A\n\0\0", nameof(ContentKind.Binary))]
    [InlineData("GIF89a\u0001\0", nameof(ContentKind.Binary))]
    public void Classify_NoMediaType_Sniffed(string body, string kind)
    {
        foreach (var contentType in new[] { null, "", "nonsense", new string('x', 5000) + "/y" })
            Assert.Equal(kind, ContentClassifier.Classify(MediaType.Parse(contentType).Name, Encoding.Latin1.GetBytes(body)).ToString());
    }

    [Theory]
    [InlineData("text/html; charset=\"utf-8\"", "utf-8")]
    [InlineData("text/html; charset='koi8-r'", "koi8-r")]
    [InlineData("text/html; charset=\" \"", null)]
    [InlineData("text/html", null)]
    public void MediaType_Charset_Unquoted(string contentType, string? charset) => Assert.Equal(charset, MediaType.Parse(contentType).Charset);
}
