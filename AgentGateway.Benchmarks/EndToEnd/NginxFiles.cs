namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Configurations of nginx, as upstream and as peer.</summary>
internal static class NginxFiles
{
    private static readonly string[] TemporaryKinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    /// <summary>The upstream: a fixed answer without reading bodies, the cheapest there is.</summary>
    public static string Upstream(string folder, int port) => Write(folder, "upstream", $$"""
        server { listen 127.0.0.1:{{port}}; location / { default_type application/json; return 200 '{{MockUpstream.SmallBody}}'; } }
        """);

    /// <summary>The peer: a proxy with kept connections to the upstream, unbuffered, and HTTP/2 on a port of its own.</summary>
    public static string Proxy(string folder, int port, int http2Port, int smallUpstream, int eventUpstream) => Write(folder, "proxy", $$"""
        upstream small { server 127.0.0.1:{{smallUpstream}}; keepalive 512; keepalive_requests 100000000; }
        upstream events { server 127.0.0.1:{{eventUpstream}}; keepalive 512; keepalive_requests 100000000; }
        server { listen 127.0.0.1:{{port}}; listen 127.0.0.1:{{http2Port}} http2; http2_max_requests 100000000;
          proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_buffering off;
          location / { proxy_pass http://small; }
          location /events { proxy_pass http://events; } }
        """);

    private static string Write(string folder, string name, string servers)
    {
        var file = Path.Combine(folder, $"nginx-{name}.conf");
        var temporary = string.Join(' ', TemporaryKinds.Select(kind => $"{kind}_temp_path {folder}/{name}-{kind};"));
        File.WriteAllText(file, $$"""
            daemon off; master_process off; pid {{folder}}/nginx-{{name}}.pid; error_log {{folder}}/nginx-{{name}}.err;
            events { worker_connections 4096; }
            http { access_log off; keepalive_requests 100000000; client_body_buffer_size 64k; {{temporary}}
            {{servers}} }
            """);
        return file;
    }
}
