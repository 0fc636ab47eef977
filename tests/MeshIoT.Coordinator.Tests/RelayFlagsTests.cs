using System;
using System.CommandLine;
using System.IO;
using System.Net;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The relay's options, on its own and inside the coordinator.</summary>
public sealed class RelayFlagsTests : IDisposable
{
    readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    static OwnRelayOptions Read(params string[] arguments)
    {
        RelayFlags flags = new("--");
        RootCommand command = [.. flags.All];
        return flags.Read(command.Parse(arguments));
    }

    [Fact]
    public void Everything_that_can_be_said_is_understood()
    {
        File.WriteAllText(temporary.Of("mesh.key"), new string('a', 64) + "\n");
        OwnRelayOptions said = Read("--listen", ":443", "--stun", "192.0.2.1:3478", "--http", "0.0.0.0:80", "--metrics", "127.0.0.1:9090", "--host", "Relay.Example", "--region", "905", "--code", "ber",
            "--mesh-key", temporary.Of("mesh.key"), "--mesh-with", "r1.example:443", "--mesh-with", "[2001:db8::1]:8443=sha256-raw:00ff", "--client-rate", "8", "--total-rate", "0.8");
        Assert.Equal((443, "192.0.2.1:3478", "0.0.0.0:80", "127.0.0.1:9090"), (said.Listen!.Port, said.Stun!.ToString(), said.PlainListen!.ToString(), said.Metrics!.ToString()));
        Assert.True(said.Listen.Address.Equals(IPAddress.IPv6Any) || said.Listen.Address.Equals(IPAddress.Any));
        Assert.Equal(("relay.example", 905, "ber"), (said.Host, said.Region, said.Code));
        Assert.Equal([new("r1.example", 443, null), new("2001:db8::1", 8443, "sha256-raw:00ff")], said.MeshPeers);
        Assert.Equal((1_000_000, 100_000), (said.Limits.ClientBytesPerSecond, said.Limits.TotalBytesPerSecond));
        Assert.True(Read("--stun", "off").NoStun);
    }

    [Theory]
    [InlineData("--listen", "443")]
    [InlineData("--stun", "nowhere")]
    [InlineData("--metrics", "0.0.0.0:9090")]
    [InlineData("--metrics", "192.168.1.1:9090")]
    [InlineData("--host", "not a host")]
    [InlineData("--region", "1")]
    [InlineData("--region", "1000")]
    [InlineData("--code", "with space")]
    [InlineData("--cert", "only-one.pem")]
    [InlineData("--mesh-key", "/does/not/exist")]
    [InlineData("--mesh-with", "r1.example:443")]
    [InlineData("--client-rate", "-1")]
    [InlineData("--max-connections", "0")]
    public void What_is_wrong_is_said(string option, string value)
    {
        FaultException fault = Assert.Throws<FaultException>(() => Read(option, value));
        Assert.Equal(ExitCodes.Usage, fault.Report.Fault.ExitCode);
        Assert.Contains(option, fault.Report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relay_alone_says_ready_tells_its_map_and_wants_to_know_whom_to_let_in()
    {
        (int code, _, string errors) = RunningCoordinator.Run("relay", "--listen", "127.0.0.1:0", "--host", "127.0.0.1", "--state", temporary.Of("relay"));
        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith("meshiot-coordinator: relay-option-invalid: --verify-url", errors, StringComparison.Ordinal);
        using RunningCoordinator relay = RunningCoordinator.StartRelay(temporary, "--anyone");
        Assert.Contains("\"CertName\":\"sha256-raw:", relay.Map, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, relay.Terminate());
        Assert.Equal("", relay.Errors.Trim());
    }
}
