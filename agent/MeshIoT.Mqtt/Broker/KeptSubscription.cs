namespace MeshIoT.Mqtt.Broker;

/// <summary>A subscription of a session: MQTT 5.0 section 3.8.3.1.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="QoS">Highest QoS granted, 0 to 2.</param>
/// <param name="NoLocal">The client's own messages do not come back.</param>
/// <param name="RetainAsPublished">The retain flag is passed on as it was.</param>
internal sealed record KeptSubscription(string Filter, int QoS, bool NoLocal, bool RetainAsPublished);
