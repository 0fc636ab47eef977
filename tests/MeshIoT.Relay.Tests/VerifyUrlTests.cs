using System;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Somebody else decides: derper's question and answer.</summary>
public class VerifyUrlTests
{
    static readonly NodePublicKey Key = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;

    [Theory]
    [InlineData(200, """{"Allow":true}""", false, true)]
    [InlineData(200, """{"Allow":false}""", true, false)]
    [InlineData(200, """{}""", true, false)]
    [InlineData(200, """nonsense""", false, false)]
    [InlineData(200, """nonsense""", true, true)]
    [InlineData(500, """{"Allow":true}""", false, false)]
    [InlineData(500, "", true, true)]
    public async Task The_answer_counts_and_a_failure_counts_as_chosen(int status, string body, bool failOpen, bool expected)
    {
        string asked = "";
        using VerifyUrl verify = new(new Uri("http://coord.example/verify"), failOpen, new Scripted(async request =>
        {
            asked = $"{request.Method} {request.RequestUri} {request.Content!.Headers.ContentType} {await request.Content.ReadAsStringAsync()}";
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        }));
        Assert.Equal(expected, await verify.AdmitAsync(Key, IPAddress.Parse("192.0.2.9")));
        Assert.Equal($$"""POST http://coord.example/verify application/json {"NodePublic":"{{Key}}","Source":"192.0.2.9"}""", asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_there_counts_as_chosen(bool failOpen)
    {
        using VerifyUrl verify = new(new Uri("http://coord.example/"), failOpen, new Scripted(_ => throw new HttpRequestException("nobody there")));
        Assert.Equal(failOpen, await verify.AdmitAsync(Key, IPAddress.Loopback));
    }

    [Fact]
    public async Task The_relays_threads_go_on_while_the_answer_is_awaited()
    {
        TaskCompletionSource<HttpResponseMessage> answer = new();
        using VerifyUrl verify = new(new Uri("http://coord.example/"), failOpen: false, new Scripted(_ => answer.Task));
        await using TestRelay relay = await TestRelay.StartAsync(admission: verify);
        using ScriptedClient waiting = relay.Connect(), other = relay.Connect();
        waiting.Upgrade();
        Task proving = Task.Run(() => waiting.Prove(NodePrivateKey.Generate(new SystemRandomSource())));
        Assert.StartsWith("HTTP/1.1 200 ", other.Ask("GET /derp/probe HTTP/1.1\r\nHost: r\r\n\r\n").Head);
        answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"Allow":true}""") });
        await proving;
        waiting.ExpectNothing();
    }

    sealed class Scripted(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
