namespace MeshIoT.Mqtt.HomeAssistant;

/// <summary>How sensors are announced to Home Assistant.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>Whether they are.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>What discovery topics begin with; Home Assistant's own default.</summary>
    public string Prefix { get; init; } = "homeassistant";
}
