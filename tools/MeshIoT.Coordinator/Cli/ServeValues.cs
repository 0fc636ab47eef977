using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MeshIoT.Health;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>Reads the values of <c>serve</c>'s options; each says in one line what is wrong with it.</summary>
internal static class ServeValues
{
    const int MaxDerpMapBytes = 1024 * 1024, MaxDomainLength = 180;

    /// <summary>ADDRESS:PORT; :PORT is all addresses of both families, of IPv4 alone where the kernel has no IPv6.</summary>
    public static IPEndPoint EndPoint(string text, string option = "--listen")
    {
        string address = text.StartsWith(':') ? (Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0") + text : text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase);
        int colon = address.LastIndexOf(':');
        bool hasPort = colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return hasPort && IPEndPoint.TryParse(address, out IPEndPoint? endpoint)
            ? endpoint
            : throw Wrong(option, "it is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
    }

    public static string Domain(string text)
    {
        string domain = text.Trim('.').ToLowerInvariant();
        return LoginServer.IsCodeHost(domain) && domain.Length <= MaxDomainLength && !IPAddress.TryParse(domain, out _)
            ? domain
            : throw Wrong("--base-domain", "it is not a domain name");
    }

    public static Uri? Url(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0
            ? url
            : throw Wrong("--server-url", "it is not http://HOST[:PORT] or https://HOST[:PORT]");

    /// <summary>The certificate of the https door; null when none is asked for. It names a host, so clients must be told that one.</summary>
    public static TlsIdentity? Tls(string? certificate, string? key, Uri? serverUrl) => (certificate, key, serverUrl?.Scheme) switch
    {
        (null, null, _) => null,
        (null, _, _) or (_, null, _) => throw Wrong("--tls-cert", "it and --tls-key go together"),
        (_, _, "https") => TlsIdentity.Read(certificate, key),
        _ => throw Wrong("--server-url", "with --tls-cert it must be there and begin with https://"),
    };

    public static int Positive(string option, int value) => value > 0 ? value : throw Wrong(option, "it is not above zero");

    public static DerpMap? DerpMap(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxDerpMapBytes)
            {
                throw Wrong("--derp-map", "the file is larger than 1 MiB");
            }

            DerpMap map = JsonSerializer.Deserialize(file, TailcfgJson.Default.DerpMap) ?? throw new JsonException("null");
            return Check(map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong("--derp-map", "the file cannot be read");
        }
        catch (JsonException)
        {
            throw Wrong("--derp-map", "the file is not the JSON of a DERP map");
        }
    }

    /// <summary>/var/lib for root; else the XDG state directory.</summary>
    public static string DefaultStateDirectory()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return "/var/lib/meshiot-coordinator";
        }

        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state))
        {
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
        }

        return Path.Combine(state, "meshiot-coordinator");
    }

    static DerpMap Check(DerpMap map)
    {
        foreach ((int id, DerpRegion? region) in map.Regions ?? throw Wrong("--derp-map", "it has no Regions"))
        {
            if (region is null || region.RegionID != id || region.Nodes is not { Count: > 0 })
            {
                throw Wrong("--derp-map", $"region {id} has no nodes, or another RegionID than its name");
            }
        }

        return map;
    }

    static FaultException Wrong(string option, string why) => Faults.CoordinatorOptionInvalid.With(option, why).ToException();
}
