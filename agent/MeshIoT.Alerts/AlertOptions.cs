using System.Collections.Generic;
using MeshIoT.Alerts.Delivery;

namespace MeshIoT.Alerts;

/// <summary>What the <c>[alerts]</c> of a configuration say.</summary>
public sealed record AlertOptions
{
    /// <summary>When a fault becomes an alert.</summary>
    public AlertRules Rules { get; init; } = new();

    /// <summary>Where webhooks go.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>Where e-mail goes; null: nowhere.</summary>
    public EmailOptions? Email { get; init; }

    /// <summary>Alerts are published on MQTT too, where there is a broker or a bridge.</summary>
    public bool UsesMqtt { get; init; } = true;

    /// <summary>True when somebody is told outside MQTT.</summary>
    public bool HasDeliveries => Webhooks.Count > 0 || Email is not null;
}
