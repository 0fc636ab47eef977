using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.LocalApi.Tests;

/// <summary>Whatever answers on the socket, the caller gets an object or a fault with a code.</summary>
public class UnixHttpClientTests
{
    static async Task<string> CodeForAsync(string answer)
    {
        string path = Path.Combine(Path.GetTempPath(), $"mi-{Guid.NewGuid():n}.sock");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Task serving = Task.Run(async () =>
        {
            using Socket client = await listener.AcceptAsync();
            await client.ReceiveAsync(new byte[4096]);
            await client.SendAsync(Encoding.UTF8.GetBytes(answer));
        });
        using UnixHttpClient http = new(path, () => Faults.AgentNotRunning.With(path));
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
            await http.GetAsync("localapi/v0/status", LocalApiJson.Default.StatusDto, limit.Token);
            return "";
        }
        catch (FaultException e)
        {
            return e.Report.Fault.Code;
        }
        finally
        {
            await serving.WaitAsync(TimeSpan.FromSeconds(10));
            File.Delete(path);
        }
    }

    static string Http(string status, string body) => $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    [Fact]
    public async Task A_good_answer_is_an_object() =>
        Assert.Equal("", await CodeForAsync(Http("200 OK", """{"backendState":"Running","version":"1","tun":"kernel"}""")));

    [Fact]
    public async Task A_problem_document_comes_through_with_its_code() =>
        Assert.Equal("no-such-node", await CodeForAsync(Http("404 Not Found", """{"type":"x","title":"t","code":"no-such-node","message":"m","next":"n"}""")));

    [Theory]
    [InlineData("200 OK", "not json")]
    [InlineData("200 OK", "null")]
    [InlineData("200 OK", "{}")]
    [InlineData("500 Internal Server Error", "<html>")]
    [InlineData("404 Not Found", "{\"title\":1}")]
    public async Task An_answer_of_something_else_is_said_to_be_one(string status, string body) =>
        Assert.Equal("answer-not-understood", await CodeForAsync(Http(status, body)));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")]
    public async Task A_broken_answer_is_as_good_as_nobody(string answer) => Assert.Equal("agent-not-running", await CodeForAsync(answer));

    [Fact]
    public async Task Nobody_there_is_the_fault_that_the_caller_named()
    {
        using UnixHttpClient http = new("/nonexistent/x.sock", () => Faults.CoordinatorNotRunning.With("/nonexistent/x.sock"));
        FaultException e = await Assert.ThrowsAsync<FaultException>(() => http.GetAsync("x", LocalApiJson.Default.StatusDto, default));
        Assert.Equal("coordinator-not-running", e.Report.Fault.Code);
    }
}
