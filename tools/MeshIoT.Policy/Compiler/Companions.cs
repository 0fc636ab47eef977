using System.Collections.Generic;

namespace MeshIoT.Policy.Compiler;

/// <summary>Capabilities that come in pairs: who may use a share or a relay is, to the other side, a sharer or a target. control-plane.md section 7.11.</summary>
internal static class Companions
{
    public const string Drive = "tailscale.com/cap/drive", Relay = "tailscale.com/cap/relay";

    public static IReadOnlyList<(string Capability, string Companion)> Pairs { get; } =
        [(Drive, "tailscale.com/cap/drive-sharer"), (Relay, "tailscale.com/cap/relay-target")];
}
