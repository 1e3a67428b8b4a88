// The peer that the gateway is measured against: YARP as its documentation shows it, one route to one destination.
// Arguments: port for HTTP/1.1, port for HTTP/2 without TLS, addresses of the upstream and of the event streams.
using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.ListenLocalhost(int.Parse(args[0], CultureInfo.InvariantCulture));
    kestrel.ListenLocalhost(int.Parse(args[1], CultureInfo.InvariantCulture), listen => listen.Protocols = HttpProtocols.Http2);
});
builder.Services.AddReverseProxy().LoadFromMemory(
    [
        new RouteConfig { RouteId = "small", ClusterId = "small", Match = new RouteMatch { Path = "{**any}" } },
        new RouteConfig { RouteId = "events", ClusterId = "events", Match = new RouteMatch { Path = "/events" } },
    ],
    [
        new ClusterConfig { ClusterId = "small", Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = args[2] } } },
        new ClusterConfig { ClusterId = "events", Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = args[3] } } },
    ]);
var app = builder.Build();
app.MapReverseProxy();
app.Run();
