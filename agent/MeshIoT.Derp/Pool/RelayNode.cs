using System;
using System.Buffers;
using System.Globalization;
using MeshIoT.Tailcfg;

namespace MeshIoT.Derp;

/// <summary>One relay as it is dialled: what the relay map says of it, checked.</summary>
/// <param name="Name">Its name in the map.</param>
/// <param name="Host">Host name for DNS, TLS and HTTP; empty when only addresses are known.</param>
/// <param name="CertName">Another name that its certificate bears, or its pin; null when the host name counts.</param>
/// <param name="IPv4">Address, or "none", or null for DNS's.</param>
/// <param name="IPv6">As above.</param>
/// <param name="Port">TCP port.</param>
/// <param name="InsecureForTests">Its certificate is not checked.</param>
public sealed record RelayNode(string Name, string Host, string? CertName, string? IPv4, string? IPv6, int Port, bool InsecureForTests)
{
    const int DefaultPort = 443, LongestText = 253;

    static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:");

    /// <summary>Host and port as a person writes them.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{(HostOrAddress.Contains(':', StringComparison.Ordinal) ? $"[{HostOrAddress}]" : HostOrAddress)}:{Port}");

    /// <summary>The host name, else the first address.</summary>
    public string HostOrAddress => Host.Length > 0 ? Host : Address(IPv4) ?? Address(IPv6) ?? "";

    /// <summary>Hexadecimal SHA-256 that the certificate must have; null when it is not pinned.</summary>
    public string? Pin => CertName?.StartsWith(DerpUpgrade.PinPrefix, StringComparison.Ordinal) == true ? CertName[DerpUpgrade.PinPrefix.Length..] : null;

    /// <summary>Reads one of the map's; null when it is no relay, or says what cannot be (its texts end up in requests and in front of people).</summary>
    public static RelayNode? From(DerpNode? node)
    {
        if (node is null || node.STUNOnly || node.DERPPort is < 0 or > ushort.MaxValue)
        {
            return null;
        }

        RelayNode relay = new(node.Name, node.HostName, node.CertName is { Length: > 0 } name ? name : null, Empty(node.IPv4), Empty(node.IPv6), node.DERPPort == 0 ? DefaultPort : node.DERPPort, node.InsecureForTests);
        bool plain = IsPlain(relay.Name) && IsPlain(relay.Host) && IsPlain(relay.CertName) && IsPlain(relay.IPv4) && IsPlain(relay.IPv6);
        return plain && relay.HostOrAddress.Length > 0 ? relay : null;
    }

    static string? Empty(string? text) => text is { Length: > 0 } ? text : null;

    static string? Address(string? text) => text is null or "none" ? null : text;

    static bool IsPlain(string? text) => text is null || (text.Length <= LongestText && !text.AsSpan().ContainsAnyExcept(Plain));
}
