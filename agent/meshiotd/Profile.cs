using System;
using System.Diagnostics.CodeAnalysis;

namespace MeshIoT.Agent;

/// <summary>
/// Which parts this build of meshiotd has. The compiler to native code takes the switch for a constant, so that what it rules out is not in the
/// program: <c>-p:MeshOnly=true</c>, or <c>tools/packaging/publish.sh --profile mesh-only</c>.
/// </summary>
internal static class Profile
{
    const string Switch = "MeshIoT.Gateway";

    /// <summary>True: sensors, outputs, history, alerts, display, page, MQTT and the rest of a gateway are here; false: the node alone.</summary>
    [FeatureSwitchDefinition(Switch)]
    public static bool HasGateway => !AppContext.TryGetSwitch(Switch, out bool here) || here;

    /// <summary>"gateway" or "mesh-only", as <c>meshiotd version</c> says it.</summary>
    public static string Name => HasGateway ? "gateway" : "mesh-only";
}
