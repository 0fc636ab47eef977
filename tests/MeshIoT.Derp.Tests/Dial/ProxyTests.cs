using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>Through an HTTP proxy, as HTTPS_PROXY and NO_PROXY say.</summary>
public class ProxyTests
{
    static readonly RelayNode Node = new("1a", "relay.example.net", null, "192.0.2.7", null, 443, false);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("socks5://proxy:1080", null)]
    [InlineData("https://proxy", null)]
    [InlineData("http://", null)]
    [InlineData("http://proxy.example:3128", "proxy.example:3128")]
    [InlineData("proxy.example:3128", "proxy.example:3128")]
    [InlineData("http://proxy.example/", "proxy.example:80")]
    [InlineData("http://[2001:db8::1]:8080", "[2001:db8::1]:8080")]
    [InlineData("http://user:p%40ss@proxy:8080", "proxy:8080")]
    public void A_proxy_is_read_as_other_programs_read_it_and_never_shows_its_password(string? text, string? expected)
    {
        RelayProxy? proxy = RelayProxy.Parse(text, null);
        Assert.Equal(expected, proxy?.ToString());
        Assert.Equal(text?.Contains('@', StringComparison.Ordinal) == true ? "user:p@ss" : null, proxy?.Credentials);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*", false)]
    [InlineData("example.net", false)]
    [InlineData("other.org, .example.net", false)]
    [InlineData("*.example.net", false)]
    [InlineData("relay.example.net", false)]
    [InlineData("ample.net", true)]
    [InlineData("192.0.2.7", false)]
    public void Exceptions_are_hosts_domains_and_addresses(string exceptions, bool applies) =>
        Assert.Equal(applies, RelayProxy.Parse("proxy:3128", exceptions)!.AppliesTo(Node));

    [Theory]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n", null, null)]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "relay-proxy-refused", "407")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nand more", "relay-proxy-refused", "before it is asked")]
    [InlineData("nonsense", "relay-proxy-refused", "does not answer in HTTP")]
    public async Task The_proxy_is_asked_for_the_relay_by_name(string answer, string? code, string? says)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using NodePrivateKey key = TestKeys.Key(1);
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using DerpPool pool = new(new()
        {
            Key = key, Receiver = new PoolHarness.Receiver(), PlainHttpForTests = true, Proxy = RelayProxy.Parse($"http://me:secret@127.0.0.1:{port}", null),
        });
        pool.SetMap(new() { Regions = new System.Collections.Generic.Dictionary<int, Tailcfg.DerpRegion?> { [1] = new() { Nodes = [new() { Name = "1a", HostName = "relay.example.net" }] } } });
        pool.SetHome(1);
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] request = new byte[4096];
        int length = 0;
        while (!Encoding.ASCII.GetString(request, 0, length).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            length += await stream.ReadAsync(request.AsMemory(length));
        }

        Assert.Equal(
            "CONNECT relay.example.net:443 HTTP/1.1\r\nHost: relay.example.net:443\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n",
            Encoding.ASCII.GetString(request, 0, length));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        if (code is null)
        {
            ScriptedRelay relay = new(stream, Node);
            await relay.LetInAsync();
            await PoolHarness.UntilAsync(() => pool.IsConnected(1));
            return;
        }

        await PoolHarness.UntilAsync(() => pool.StateOf(1)?.LastFault is not null);
        FaultReport fault = pool.StateOf(1)!.LastFault!;
        Assert.Equal(code, fault.Fault.Code);
        Assert.Contains(says!, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }
}
