namespace MeshIoT.Health;

/// <summary>Faults of the MQTT broker, of its users and of bridges to other brokers.</summary>
public static partial class Faults
{
    /// <summary>An address that the broker cannot listen on. {0} address, {1} why.</summary>
    public static readonly Fault MqttListenUnusable = new(
        "mqtt-listen-unusable", Severity.High, ExitCodes.Failed,
        "The MQTT broker cannot listen on {0}: {1}.", "Stop the other program that has the port, or choose another one under [mqtt] listen.");

    /// <summary>A line of the users' file. {0} file, {1} line, {2} what is wrong.</summary>
    public static readonly Fault MqttUsersMalformed = new(
        "mqtt-users-malformed", Severity.High, ExitCodes.Usage,
        "The MQTT users in {0} cannot be used: line {1} {2}.", "Each line is NAME:HASH; make one with: meshiotd mqtt-password NAME >> {0}");

    /// <summary>A users' file that cannot be read. {0} file, {1} why.</summary>
    public static readonly Fault MqttUsersUnreadable = new(
        "mqtt-users-unreadable", Severity.High, ExitCodes.Usage,
        "The MQTT users in {0} cannot be read: {1}.", "Make the file readable for meshiotd and for nobody else.");

    /// <summary>The kept sessions and messages. {0} file, {1} why.</summary>
    public static readonly Fault MqttStateUnusable = new(
        "mqtt-state-unusable", Severity.Medium, ExitCodes.Failed,
        "The MQTT sessions in {0} cannot be used: {1}. The broker goes on without them.", "Free space or repair the disk; subscribers have to subscribe again.");

    /// <summary>Subscribers that lose messages. {0} client, {1} how many.</summary>
    public static readonly Fault MqttSubscriberSlow = new(
        "mqtt-subscriber-slow", Severity.Low, ExitCodes.Failed,
        "The MQTT client {0} is slower than what it subscribed to: {1} messages were dropped.", "Let it subscribe to less, or raise [mqtt] queue_messages.");
}
