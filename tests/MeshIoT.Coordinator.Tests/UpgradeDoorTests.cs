using System;
using System.Diagnostics;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
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
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 12)]
    [InlineData(true, 12)]
    public async Task A_head_that_does_not_come_in_time_is_left_to_the_server_which_answers_when_it_does_come(bool isTls, int cut)
    {
        using TemporaryDirectory directory = new();
        using TlsIdentity? tls = Identity(directory, isTls);
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { HeadTimeout = TimeSpan.FromMilliseconds(200) }, tls);
        await using Stream stream = await DialAsync(coordinator, isTls);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Other[..cut]));
        await Task.Delay(300);   // the time itself is what is tested; a slower machine only makes the first piece late too
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Other[cut..]));
        Assert.StartsWith("HTTP/1.1 4", await ReadAsync(stream), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_has_not_finished_asking_does_not_keep_the_coordinator_from_stopping(bool isTls)
    {
        using TemporaryDirectory directory = new();
        using TlsIdentity? tls = Identity(directory, isTls);
        TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { HeadTimeout = TimeSpan.FromMinutes(10) }, tls);
        await using Stream stream = await DialAsync(coordinator, isTls);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Other[..6]));
        Stopwatch clock = Stopwatch.StartNew();
        await coordinator.DisposeAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"stopped after {clock.Elapsed}");
        Assert.Equal("", await ReadAsync(stream));
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
}
