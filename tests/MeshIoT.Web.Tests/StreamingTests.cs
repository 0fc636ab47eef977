using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Tests;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Web.Tests;

public class StreamingTests
{
    static HttpHandler Pieces(int count, int size) => (_, _) => new(new HttpResponse(200, "text/csv", default)
    {
        Writer = async (body, _) =>
        {
            for (int i = 0; i < count; i++)
            {
                byte[] piece = new byte[size];
                piece.AsSpan().Fill((byte)('a' + (i % 26)));
                await body.WriteAsync(piece);
            }
        },
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 40_000)]
    public async Task A_body_in_pieces_arrives_whole(int count, int size)
    {
        await using Loopback server = new(Pieces(count, size));
        using HttpResponseMessage answer = await server.Http.GetAsync("/");
        Assert.True(answer.Headers.TransferEncodingChunked);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(count * size, body.Length);
        Assert.True(count == 0 || body[^1] == 'a' + ((count - 1) % 26));
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_gets_it_without_chunks()
    {
        await using Loopback server = new(Pieces(2, 3));
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\n\r\n"), shutdown: false);
        Assert.DoesNotContain("chunked", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\naaabbb", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_body_can_be_told_from_a_whole_one()
    {
        await using Loopback server = new((_, _) => new(new HttpResponse(200, "text/plain", default)
        {
            Writer = async (body, _) =>
            {
                await body.WriteAsync("half"u8.ToArray());
                throw new System.IO.IOException("the disk is gone");
            },
        }));
        await Assert.ThrowsAnyAsync<Exception>(() => server.Http.GetStringAsync("/"));
    }

    [Fact]
    public async Task Who_writes_is_told_when_the_reader_goes()
    {
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Loopback server = new((_, _) => new(new HttpResponse(200, "text/plain", default)
        {
            Writer = async (body, gone) =>
            {
                try
                {
                    await body.WriteAsync("x"u8.ToArray());
                    await Task.Delay(Timeout.Infinite, gone);
                }
                finally
                {
                    over.TrySetResult();
                }
            },
        }));
        EventReader reader = await EventReader.OpenAsync(server.Port, "/");
        Assert.True(await reader.UntilAsync("x\r\n"));
        await reader.DisposeAsync();
        await over.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_given_up_in_its_idle_time()
    {
        ManualTime time = new();
        await using Loopback server = new((_, _) => new(new HttpResponse(200, "text/plain", new byte[64 << 20])), maxConnections: 1, time);
        using TcpClient slow = new() { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync("127.0.0.1", server.Port);
        await slow.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        Task<HttpResponseMessage> next = server.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        for (int i = 0; i < 200 && !next.IsCompleted; i++)
        {
            time.Advance(HttpServer.Idle);
            await Task.WhenAny(next, Task.Delay(50));
        }

        Assert.Equal(200, (int)(await next).StatusCode);
    }

    [Fact]
    public async Task Bytes_one_by_one_do_not_prolong_a_request()
    {
        ManualTime time = new();
        await using Loopback server = new((_, _) => new(new HttpResponse(200, "text/plain", default)), maxConnections: 1, time);
        using TcpClient slow = new("127.0.0.1", server.Port);
        Task<string> next = server.Http.GetStringAsync("/next");
        for (int i = 0; i < 400 && !next.IsCompleted; i++)
        {
            try
            {
                await slow.GetStream().WriteAsync("G"u8.ToArray());
            }
            catch (System.IO.IOException)
            {
                // It has been closed, as it should be.
            }

            time.Advance(HttpServer.Idle / 3);
            await Task.WhenAny(next, Task.Delay(20));
        }

        Assert.Equal("", await next);
    }

    [Fact]
    public async Task One_address_never_has_more_than_half_of_the_connections()
    {
        await using Loopback server = new((_, _) => new(new HttpResponse(200, "text/plain", default)), maxConnections: 8, isOutside: true);
        List<TcpClient> many = [];
        for (int i = 0; i < 30; i++)
        {
            many.Add(new TcpClient("127.0.0.1", server.Port));
        }

        for (int i = 0; i < 400 && server.Server.TurnedAway < 26; i++)
        {
            await Task.Delay(25);
        }

        Assert.Equal(26, server.Server.TurnedAway);
        many.ForEach(static client => client.Dispose());
        for (int i = 0; i < 400; i++)
        {
            try
            {
                Assert.Equal("", await server.Http.GetStringAsync("/"));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(25);
            }
        }

        Assert.Fail("the server never answers again");
    }
}
