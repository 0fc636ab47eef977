using System.Collections.Generic;
using System.Text.Json;

namespace MeshIoT.Tailcfg;

/// <summary>Capabilities a source has towards destinations. control-plane.md section 5.7.</summary>
public sealed record CapGrant
{
    /// <summary>Destination prefixes.</summary>
    public IReadOnlyList<string>? Dsts { get; set; }

    /// <summary>Capabilities in the old form.</summary>
    public IReadOnlyList<string>? Caps { get; set; }

    /// <summary>Capability name → values, raw JSON.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?>? CapMap { get; set; }
}
