using System.Linq;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>The part of a node's own description that its peers get: what they show and dial, nothing about the machine beyond that.</summary>
internal static class HostinfoView
{
    const int MaxServices = 64, MaxTextLength = 255, MaxHostKeys = 16, MaxHostKeyLength = 2048;

    public static Hostinfo ForPeers(Hostinfo hostinfo) => new()
    {
        OS = Short(hostinfo.OS),
        Hostname = Short(hostinfo.Hostname),
        ShareeNode = hostinfo.ShareeNode,
        Services = hostinfo.Services is { Count: > 0 } services
            ? [.. services.Take(MaxServices).Select(s => s with { Proto = Short(s.Proto) ?? "", Description = Short(s.Description) })]
            : null,
        SshHostKeys = hostinfo.SshHostKeys is { Count: > 0 } keys ? [.. keys.Where(k => k.Length <= MaxHostKeyLength).Take(MaxHostKeys)] : null,
    };

    static string? Short(string? text) => text?.Length > MaxTextLength ? text[..MaxTextLength] : text;
}
