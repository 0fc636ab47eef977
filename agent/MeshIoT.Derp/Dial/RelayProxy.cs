using System;
using System.Linq;

namespace MeshIoT.Derp;

/// <summary>An HTTP proxy that opens connections to others when asked with CONNECT, and the hosts that are reached without it.</summary>
public sealed class RelayProxy
{
    const int DefaultPort = 80;

    readonly string[] exceptions;

    RelayProxy(Uri address, string[] exceptions)
    {
        this.exceptions = exceptions;
        Host = address.DnsSafeHost;
        Port = address.IsDefaultPort ? DefaultPort : address.Port;
        Credentials = address.UserInfo.Length > 0 ? Uri.UnescapeDataString(address.UserInfo) : null;
    }

    /// <summary>Its host name or address.</summary>
    public string Host { get; }

    /// <summary>Its TCP port.</summary>
    public int Port { get; }

    /// <summary>"name:password" for it; a secret, never printed.</summary>
    internal string? Credentials { get; }

    /// <summary>
    /// Reads the values of HTTPS_PROXY (a URL, or host:port) and NO_PROXY (host names, domains and addresses, separated by commas; * for
    /// all). Null: no proxy is set, or it is not an http one.
    /// </summary>
    public static RelayProxy? Parse(string? proxy, string? noProxy)
    {
        if (string.IsNullOrWhiteSpace(proxy))
        {
            return null;
        }

        string text = proxy.Contains("://", StringComparison.Ordinal) ? proxy.Trim() : "http://" + proxy.Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp && address.Host.Length > 0
            ? new(address, (noProxy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : null;
    }

    /// <summary>From the environment, as other programs read it: the lower-case names count first.</summary>
    public static RelayProxy? FromEnvironment() => Parse(
        Environment.GetEnvironmentVariable("https_proxy") ?? Environment.GetEnvironmentVariable("HTTPS_PROXY"),
        Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"));

    /// <summary>Whether a relay is reached through it.</summary>
    public bool AppliesTo(RelayNode node) => !exceptions.Any(e => e == "*" || IsWithin(node.Host, e) || e == node.IPv4 || e == node.IPv6);

    /// <summary>Host and port, without the password.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    static bool IsWithin(string host, string domain)
    {
        string bare = domain.TrimStart('*').TrimStart('.');
        return host.Length > 0 && bare.Length > 0
            && (host.Equals(bare, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + bare, StringComparison.OrdinalIgnoreCase));
    }
}
