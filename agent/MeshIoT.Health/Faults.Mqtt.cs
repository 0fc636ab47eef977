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

    /// <summary>A user with rights and no password. {0} name, {1} where, {2} file.</summary>
    public static readonly Fault MqttUserUnknown = new(
        "mqtt-user-unknown", Severity.High, ExitCodes.Usage,
        "The MQTT user \"{0}\" ({1}) has no line in {2}.", "Add it with: meshiotd mqtt-password {0} >> {2}");

    /// <summary>The kept sessions and messages. {0} file, {1} why.</summary>
    public static readonly Fault MqttStateUnusable = new(
        "mqtt-state-unusable", Severity.Medium, ExitCodes.Failed,
        "The MQTT sessions in {0} cannot be used: {1}. The broker goes on without them.", "Free space or repair the disk; subscribers have to subscribe again.");

    /// <summary>Subscribers that lose messages. {0} client, {1} how many.</summary>
    public static readonly Fault MqttSubscriberSlow = new(
        "mqtt-subscriber-slow", Severity.Low, ExitCodes.Failed,
        "The MQTT client {0} is slower than what it subscribed to: {1} messages were dropped.", "Let it subscribe to less, or raise [mqtt] queue_messages.");

    /// <summary>A broker that cannot be reached. {0} bridge, {1} address, {2} why, {3} how many messages wait.</summary>
    public static readonly Fault BridgeAway = new(
        "bridge-away", Severity.Medium, ExitCodes.Failed,
        "The bridge {0} does not reach {1}: {2}. {3} messages wait.", "Check the address and the network; it tries again by itself.");

    /// <summary>A broker that refuses. {0} bridge, {1} address, {2} its reason.</summary>
    public static readonly Fault BridgeRefused = new(
        "bridge-refused", Severity.High, ExitCodes.Refused,
        "The broker {1} refuses the bridge {0}: {2}.", "Check user, password_file and the rights that the broker gives that user.");

    /// <summary>A bridge that needs TLS where there is none. {0} bridge.</summary>
    public static readonly Fault BridgeTlsLibraryMissing = new(
        "bridge-tls-library-missing", Severity.High, ExitCodes.Failed,
        "The bridge {0} needs TLS and OpenSSL is not installed.", "Install it: sudo apt-get install libssl3 ca-certificates");

    /// <summary>A file of a bridge. {0} bridge, {1} file, {2} why.</summary>
    public static readonly Fault BridgeFileUnusable = new(
        "bridge-file-unusable", Severity.High, ExitCodes.Usage,
        "The bridge {0} cannot use {1}: {2}.", "Correct the path or the file, and make it readable for meshiotd.");
}
