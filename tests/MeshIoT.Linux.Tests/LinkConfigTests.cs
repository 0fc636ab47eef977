using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>What the kernel holds afterwards is read back with ip(8), a second implementation.</summary>
public class LinkConfigTests
{
    static readonly IPAddress V4 = IPAddress.Parse("100.64.0.1"), V6 = IPAddress.Parse("fd7a:115c:a1e0::1");

    // A child process inherits the namespace of the thread that starts it.
    internal static string Ip(string arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("ip(8) is not installed (package iproute2)");
            throw;
        }
    }

    static void WithTunnel(Action<TunDevice> body) => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = TunTests.OpenTun("cfg0");
        body(tun);
    });

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [Fact]
    public void The_interface_comes_up_with_its_MTU_and_addresses() => WithTunnel(tun =>
    {
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.SetAddresses([V4, V6]);
        link.Up();
        Assert.Contains("mtu 1280", Ip("link show cfg0"), StringComparison.Ordinal);
        Assert.Contains(",UP", Ip("link show cfg0"), StringComparison.Ordinal);
        Assert.Contains("100.64.0.1/32", Ip("address show cfg0"), StringComparison.Ordinal);
        Assert.Contains("fd7a:115c:a1e0::1/128", Ip("address show cfg0"), StringComparison.Ordinal);
        link.SetMtu(1400);
        Assert.Contains("mtu 1400", Ip("link show cfg0"), StringComparison.Ordinal);
    });

    [Fact]
    public void Setting_addresses_twice_is_fine_and_old_ones_go() => WithTunnel(tun =>
    {
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.Up();
        Ip("address add 100.99.0.9/24 dev cfg0");
        link.SetAddresses([V4, V6]);
        link.SetAddresses([V4, V6]);
        link.SetAddresses([IPAddress.Parse("100.64.0.2"), V6]);
        string[] wanted = ["100.64.0.2/32", "fd7a:115c:a1e0::1/128"];
        Assert.Equal(wanted, link.ListAddresses().Where(a => !a.Address.IsIPv6LinkLocal).Select(a => $"{a.Address}/{a.PrefixLength}"));
    });

    [Fact]
    public void Routes_go_to_table_52_and_only_the_difference_changes() => WithTunnel(tun =>
    {
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.SetAddresses([V4, V6]);
        link.Up();
        link.AddRules();
        IPNetwork[] first = [IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("fd7a:115c:a1e0::2/128"), IPNetwork.Parse("192.168.7.0/24")];
        link.SetRoutes(first);
        link.SetRoutes(first);
        Assert.Contains("100.64.0.2 dev cfg0", Ip("route show table 52"), StringComparison.Ordinal);
        Assert.Contains("192.168.7.0/24 dev cfg0", Ip("route show table 52"), StringComparison.Ordinal);
        Assert.Contains("fd7a:115c:a1e0::2 dev cfg0", Ip("-6 route show table 52"), StringComparison.Ordinal);
        Assert.Contains("dev cfg0 table 52", Ip("route get 192.168.7.9"), StringComparison.Ordinal);
        link.SetRoutes([IPNetwork.Parse("0.0.0.0/0")]);
        Assert.Equal(["default dev cfg0 scope link"], Lines(Ip("route show table 52")));
        Assert.Empty(Lines(Ip("-6 route show table 52")));
        link.RemoveRoute(IPNetwork.Parse("10.0.0.0/8"));
    });

    [Fact]
    public void The_four_rules_are_Tailscales_and_are_added_once() => WithTunnel(tun =>
    {
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.AddRules();
        link.AddRules();
        Assert.True(link.HasPolicyRouting && link.HasIPv6);
        foreach (string family in new[] { "-4", "-6" })
        {
            string[] rules = Lines(Ip(family + " rule")).Where(l => l.StartsWith("52", StringComparison.Ordinal)).ToArray();
            string[] wanted =
            [
                "5210:\tfrom all fwmark 0x80000/0xff0000 lookup main", "5230:\tfrom all fwmark 0x80000/0xff0000 lookup default",
                "5250:\tfrom all fwmark 0x80000/0xff0000 unreachable", "5270:\tfrom all lookup 52",
            ];
            Assert.Equal(wanted, rules);
        }
    });

    [Fact]
    public void Stopping_leaves_nothing_behind() => WithTunnel(tun =>
    {
        string before = Ip("rule") + Ip("-6 rule") + Ip("route show table all") + Ip("-o address");
        using (LinkConfig link = LinkConfig.Open(tun.Name))
        {
            link.SetAddresses([V4, V6]);
            link.Up();
            link.AddRules();
            link.SetRoutes([IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("fd7a:115c:a1e0::2/128")]);
            link.Down();
        }

        Assert.Equal(before, Ip("rule") + Ip("-6 rule") + Ip("route show table all") + Ip("-o address"));
    });

    [Fact]
    public void Rules_stay_while_another_tunnel_uses_the_table_and_a_crash_is_cleaned_up_after() => WithTunnel(tun =>
    {
        using LinkConfig other = LinkConfig.Open(tun.Name);
        other.Up();
        other.AddRules();
        other.AddRoute(IPNetwork.Parse("100.64.0.2/32"));
        using (TunDevice second = TunDevice.Open("cfg1", 1280))
        using (LinkConfig link = LinkConfig.Open("cfg1"))
        {
            link.Up();
            link.AddRules();
            link.AddRoute(IPNetwork.Parse("100.64.0.3/32"));
        }

        LinkConfig.RemoveStale();
        Assert.Contains("5270:", Ip("rule"), StringComparison.Ordinal);
        tun.Dispose();
        LinkConfig.RemoveStale();
        Assert.DoesNotContain("5270:", Ip("rule") + Ip("-6 rule"), StringComparison.Ordinal);
    });

    [Fact]
    public void An_interface_without_IPv6_gets_its_IPv4_part() => WithTunnel(tun =>
    {
        System.IO.File.WriteAllText("/proc/sys/net/ipv6/conf/cfg0/disable_ipv6", "1");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.SetAddresses([V4, V6]);
        link.Up();
        link.AddRules();
        link.SetRoutes([IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("fd7a:115c:a1e0::2/128")]);
        Assert.False(link.HasIPv6);
        Assert.Equal(["100.64.0.1/32"], link.ListAddresses().Select(a => $"{a.Address}/{a.PrefixLength}"));
    });

    [Fact]
    public void A_missing_interface_is_named()
    {
        FaultException e = Assert.Throws<FaultException>(() => LinkConfig.Open("nosuch0"));
        Assert.Same(Faults.LinkMissing, e.Report.Fault);
        Assert.Contains("nosuch0", e.Report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_rights_a_change_is_refused_in_words() => Isolation.WithoutRights(() =>
    {
        using LinkConfig link = LinkConfig.Open("lo");
        FaultException e = Assert.Throws<FaultException>(() => link.AddAddress(IPAddress.Parse("127.0.0.99"), 32));
        Assert.Same(Faults.NetworkConfigDenied, e.Report.Fault);
        Assert.Equal(ExitCodes.Refused, e.Report.Fault.ExitCode);
    });
}
