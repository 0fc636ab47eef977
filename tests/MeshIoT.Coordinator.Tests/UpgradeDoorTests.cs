using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The door in front of the HTTP server, with and without TLS: what it does not take reaches the server whole, however it came.</summary>
public class UpgradeDoorTests
{
    const string Other = "POST /ts2021 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    [InlineData(false, 40)]
    [InlineData(true, 40)]
    public async Task A_head_that_comes_in_pieces_and_turns_out_to_be_no_upgrade_is_answered_by_the_server(bool isTls, int cut)
    {
        using TemporaryDirectory directory = new();
        using TlsIdentity? tls = Identity(directory, isTls);
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(tls: tls);
        await using Stream stream = await DialAsync(coordinator, isTls);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Other[..cut]));

        // Another connection is answered meanwhile: by then the first piece has been looked at.
        await using (Stream meanwhile = await DialAsync(coordinator, isTls))
        {
            await meanwhile.WriteAsync(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 200", await ReadAsync(meanwhile), StringComparison.Ordinal);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Other[cut..]));
        Assert.StartsWith("HTTP/1.1 400", await ReadAsync(stream), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("POST /ts2021 HTTP/1.1\r\n")]
    public async Task A_head_that_does_not_come_in_time_is_left_to_the_server_with_what_has_come(string piece)
    {
        Assert.Equal(piece, await LeftToServerAsync(piece, TimeSpan.FromMilliseconds(20), closing: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("POST /ts2021 HTTP/1.1\r\n")]
    public async Task A_connection_that_has_not_finished_asking_goes_to_the_server_at_once_when_that_ends(string piece)
    {
        Assert.Equal(piece, await LeftToServerAsync(piece, TimeSpan.FromHours(1), closing: true));
    }

    // What the server finds on the connection; an upgrade never gets that far, so nobody is there to serve it.
    static async Task<string> LeftToServerAsync(string piece, TimeSpan headTimeout, bool closing)
    {
        Pipe received = new();
        using CancellationTokenSource ending = new();
        DefaultConnectionContext connection = new("test", new Ends(received.Reader, new Pipe().Writer), null!);
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(new Lifetime { ConnectionClosedRequested = ending.Token });
        TaskCompletionSource reached = new();
        Task door = new UpgradeDoor(null!, headTimeout).Guard(_ =>
        {
            reached.SetResult();
            return Task.CompletedTask;
        })(connection);
        if (piece.Length > 0)
        {
            await received.Writer.WriteAsync(Encoding.ASCII.GetBytes(piece));
        }

        if (closing)
        {
            await ending.CancelAsync();
        }

        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await door;
        await received.Writer.CompleteAsync();
        return Encoding.ASCII.GetString((await received.Reader.ReadAsync()).Buffer.ToArray());
    }

    static TlsIdentity? Identity(TemporaryDirectory directory, bool isTls)
    {
        if (!isTls)
        {
            return null;
        }

        (string certificate, string key) = TlsTests.Make(directory, "localhost");
        return TlsIdentity.Read(certificate, key);
    }

    static async Task<Stream> DialAsync(TestCoordinator coordinator, bool isTls)
    {
        Socket socket = new(coordinator.Listening.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(coordinator.Listening);
        NetworkStream plain = new(socket, ownsSocket: true);
        if (!isTls)
        {
            return plain;
        }

        SslStream secure = new(plain, false, (_, _, _, _) => true);
        await secure.AuthenticateAsClientAsync("localhost");
        return secure;
    }

    // All of it, as far as it comes: an end without a goodbye is an end.
    static async Task<string> ReadAsync(Stream stream)
    {
        using MemoryStream all = new();
        try
        {
            await stream.CopyToAsync(all).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (IOException)
        {
            // reset
        }

        return Encoding.ASCII.GetString(all.ToArray());
    }

    sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    sealed class Lifetime : IConnectionLifetimeNotificationFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; }

        public void RequestClose()
        {
        }
    }
}
