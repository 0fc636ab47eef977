using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>A network check as people know it from Tailscale.</summary>
internal static class NetcheckWords
{
    public static void Write(NetCheckDto report, TextWriter to)
    {
        to.WriteLine("Report:");
        Line(to, "Time", report.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Line(to, "UDP", report.Udp ? "true" : "false");
        Line(to, "IPv4", Reach(report.Ipv4, report.GlobalV4));
        Line(to, "IPv6", Reach(report.Ipv6, report.GlobalV6));
        Line(to, "MappingVariesByDestIP", report.MappingVariesByDestIp switch { true => "true (hard NAT)", false => "false", _ => "not known" });
        Line(to, "PortMapping", PortMapping(report.PortMapping));
        Line(to, "Nearest relay", report.Nearest is { } nearest ? Relay(nearest) : "none answers");
        if (report.Home is { } home && home.Region != report.Nearest?.Region)
        {
            Line(to, "Home relay", Relay(home) + (report.Nearest is null ? "" : ", not much farther"));
        }

        if (report.IgnoredResponses > 0)
        {
            Line(to, "Answers not believed", report.IgnoredResponses.ToString(CultureInfo.InvariantCulture));
        }

        Line(to, "Relay latency", report.Regions.Count == 0 ? "the tailnet has no relays" : null);
        int width = report.Regions.Count == 0 ? 0 : report.Regions.Max(static region => Words.Cell(region.Code).Length);
        foreach (RegionLatencyDto region in report.Regions)
        {
            string code = Words.Cell(region.Code).PadLeft(width), far = region.Latency is { } ms ? Words.Milliseconds(ms) : "no answer";
            to.WriteLine($"\t\t- {code}: {far}{How(region)}{(region.Name.Length == 0 ? "" : $" ({Words.Cell(region.Name)})")}");
        }
    }

    static void Line(TextWriter to, string name, string? value) => to.WriteLine(value is null ? $"\t* {name}:" : $"\t* {name}: {value}");

    static string Reach(bool reaches, IReadOnlyList<string> seen) => !reaches ? "no" : seen.Count == 0 ? "yes" : "yes, " + string.Join(", ", seen);

    static string Relay(RelayDto relay) => string.IsNullOrEmpty(relay.Name) ? Words.Cell(relay.Code) : $"{Words.Cell(relay.Code)} ({Words.Cell(relay.Name)})";

    static string How(RegionLatencyDto region) =>
        region.Latency is not null && region.V4 is null && region.V6 is null ? " by HTTPS" : "";

    static string PortMapping(PortMappingDto mapping)
    {
        bool?[] asked = [mapping.Upnp, mapping.NatPmp, mapping.Pcp];
        string[] names = ["UPnP", "NAT-PMP", "PCP"];
        string offers = asked.All(static answer => answer is null) ? "not asked" : string.Join(", ", names.Where((_, i) => asked[i] == true));
        return (offers.Length == 0 ? "none offered" : offers) + (mapping.Held ? ", a mapping is in place" : "");
    }
}
