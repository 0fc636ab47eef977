using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Filter.Tests;

public class CapabilityGrantsTests
{
    const string Switch = "meshiot.dev/cap/switch";

    static readonly IPAddress Own4 = IPAddress.Parse("100.64.0.1"), Own6 = IPAddress.Parse("fd7a:115c:a1e0::1");

    static FilterRule Rule(string source, string destination, string capability = Switch) => new()
    {
        SrcIPs = [source],
        CapGrant = [new CapGrant { Dsts = [destination], CapMap = new Dictionary<string, IReadOnlyList<JsonElement>?> { [capability] = null } }],
    };

    static bool May(string from, params FilterRule[] rules) => CapabilityGrants.Allow(rules, IPAddress.Parse(from), [Own4, Own6], Switch);

    [Theory]
    [InlineData("100.64.0.2", "100.64.0.1", true)]
    [InlineData("100.64.0.0/29", "100.64.0.1/32", true)]
    [InlineData("100.64.0.2-100.64.0.4", "100.64.0.0/16", true)]
    [InlineData("*", "*", true)]
    [InlineData("*", "fd7a:115c:a1e0::1", true)]
    [InlineData("100.64.0.3", "100.64.0.1", false)]
    [InlineData("100.64.0.2", "100.64.0.9", false)]
    [InlineData("100.64.0.0/200", "100.64.0.1", false)]
    [InlineData("nonsense", "*", false)]
    [InlineData("cap:other", "*", false)]
    public void A_grant_holds_for_its_source_towards_this_node(string source, string destination, bool expected) =>
        Assert.Equal(expected, May("100.64.0.2", Rule(source, destination)));

    [Fact]
    public void Another_capability_or_a_plain_rule_grants_nothing()
    {
        Assert.False(May("100.64.0.2", Rule("*", "*", "meshiot.dev/cap/other")));
        Assert.False(May("100.64.0.2", new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = new PortRange(0, 65535) }] }));
        Assert.False(May("100.64.0.2"));
        Assert.False(May("100.64.0.2", Rule("*", "*") with { SrcBits = [8] }));
        Assert.False(May("100.64.0.2", new FilterRule { SrcIPs = null, CapGrant = [new CapGrant()] }));
    }

    [Fact]
    public void The_old_form_of_capabilities_counts_too() =>
        Assert.True(May("100.64.0.2", new FilterRule { SrcIPs = ["*"], CapGrant = [new CapGrant { Dsts = ["100.64.0.1/32"], Caps = [Switch] }] }));
}
