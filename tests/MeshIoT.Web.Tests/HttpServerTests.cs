using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tests;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Web.Tests;

public class HttpServerTests
{
    static ValueTask<HttpResponse> Echo(HttpRequest r) =>
        new(new HttpResponse(200, "text/plain", Encoding.UTF8.GetBytes($"{r.Method} {r.Path} {r.Body.Length}")));

    [Fact]
    public async Task Many_requests_go_over_one_connection()
    {
        await using Loopback server = new((r, _) => Echo(r));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"GET /{i} 0", await server.Http.GetStringAsync($"/{i}"));
        }

        using HttpResponseMessage posted = await server.Http.PostAsync("/p", new ByteArrayContent(new byte[HttpRequestParser.MaxBody]));
        Assert.Equal($"POST /p {HttpRequestParser.MaxBody}", await posted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_head_request_gets_the_length_and_no_body()
    {
        await using Loopback server = new((r, _) => Echo(r));
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        Assert.Contains("Content-Length: 9", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read()
    {
        await using Loopback server = new((r, _) => Echo(r));
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n"), shutdown: false);
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("request-malformed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_becomes_problem_details()
    {
        await using Loopback server = new((_, _) => throw Faults.NoSuchSensor.With("x").ToException());
        using HttpResponseMessage answer = await server.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"code\":\"no-such-sensor\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_and_half_requests_never_stop_the_server()
    {
        await using Loopback server = new((r, _) => Echo(r), maxConnections: 4);
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            byte[] junk = new byte[random.Next(0, 400)];
            random.NextBytes(junk);
            await server.SendRawAsync(junk);
        }

        Assert.Equal("GET /still 0", await server.Http.GetStringAsync("/still"));
    }

    [Fact]
    public async Task Silent_clients_hold_their_slots_only_for_the_idle_time()
    {
        ManualTime time = new();
        await using Loopback server = new((r, _) => Echo(r), maxConnections: 2, time);
        using TcpClient a = new("127.0.0.1", server.Port), b = new("127.0.0.1", server.Port);
        await a.GetStream().WriteAsync("GET / HT"u8.ToArray());
        Task<string> third = server.Http.GetStringAsync("/third");
        Assert.NotSame(third, await Task.WhenAny(third, Task.Delay(200)));
        for (int i = 0; i < 100 && !third.IsCompleted; i++)
        {
            time.Advance(HttpServer.Idle);
            await Task.WhenAny(third, Task.Delay(50));
        }

        Assert.Equal("GET /third 0", await third);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using Loopback server = new((r, _) => Echo(r));
        string three = string.Concat(Enumerable.Range(0, 3).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n"));
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes(three));
        Assert.True(answer.IndexOf("GET /0", StringComparison.Ordinal) < answer.IndexOf("GET /1", StringComparison.Ordinal));
        Assert.True(answer.IndexOf("GET /1", StringComparison.Ordinal) < answer.IndexOf("GET /2", StringComparison.Ordinal));
    }
}
