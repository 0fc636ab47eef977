using System;
using System.Collections.Generic;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>What a mesh-only build says to a configuration that wants a gateway.</summary>
public class MeshOnlyTests
{
    static void Check(string toml, params string[] flags)
    {
        ConfigTable file = ConfigFile.Parse(toml, "meshiot.toml");
        MeshOnly.Check(file, Settings.From(CommandLine.Parse(flags).Flags, static _ => null, SettingsFile.Of(file)));
    }

    static string Refusal(string toml, params string[] flags)
    {
        FaultException e = Assert.Throws<FaultException>(() => Check(toml, flags));
        Assert.Equal(Faults.NotInThisBuild, e.Report.Fault);
        return e.Report.Message;
    }

    [Fact]
    public void A_node_that_wants_no_gateway_is_taken() => Check("hostname = \"pump-3\"\ntun = \"kernel\"\nlow_data = true", "--udp-port", "0");

    public static IEnumerable<TheoryDataRow<string>> Sections()
    {
        foreach (string name in GatewaySections.Names)
        {
            yield return new(name is "sensor" or "output" or "bridge" ? $"[[{name}]]" : $"[{name}]");
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_section_of_a_gateway_is_refused_with_its_place(string header)
    {
        string said = Refusal("hostname = \"pump-3\"\n\n" + header);
        Assert.Contains("[" + header.Trim('[', ']') + "]", said, StringComparison.Ordinal);
        Assert.Contains("meshiot.toml:3", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_gateway_are_refused_wherever_they_stand()
    {
        Assert.Contains("--sensors", Refusal("", "--sensors", "host"), StringComparison.Ordinal);
        Assert.Contains("meshiot.toml:1", Refusal("web_listen = \"127.0.0.1:80\""), StringComparison.Ordinal);
        foreach (string key in MeshOnly.Settings)
        {
            Assert.Contains(Settings.All, s => s.Key == key);
        }
    }
}
