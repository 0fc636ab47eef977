namespace MeshIoT.Health;

/// <summary>Faults of the gateway's REST interface.</summary>
public static partial class Faults
{
    /// <summary>The bytes are no HTTP request that this server takes.</summary>
    public static readonly Fault RequestMalformed = new(
        "request-malformed", Severity.Low, ExitCodes.Usage,
        "That is not a request this server takes (status {0}).", "Send HTTP/1.1 with a Host header and a Content-Length of at most 65536.");

    /// <summary>No such path.</summary>
    public static readonly Fault NoSuchPath = new(
        "no-such-path", Severity.Low, ExitCodes.NotFound,
        "There is nothing at {0}.", "See /api/v1/openapi.json.");

    /// <summary>The path exists, the method does not.</summary>
    public static readonly Fault MethodNotAllowed = new(
        "method-not-allowed", Severity.Low, ExitCodes.Usage,
        "{0} is not possible there.", "Use {1}.");

    /// <summary>The body is not the JSON that this path takes.</summary>
    public static readonly Fault BodyNotUnderstood = new(
        "body-not-understood", Severity.Low, ExitCodes.Usage,
        "The body is not the JSON that this path takes: {0}.", "Compare it with the interface's description.");

    /// <summary>No sensor has that id.</summary>
    public static readonly Fault NoSuchSensor = new(
        "no-such-sensor", Severity.Low, ExitCodes.NotFound,
        "This gateway has no sensor \"{0}\".", "List them with: meshiot sensor list.");

    /// <summary>More event streams than a gateway holds. {0} how many there are.</summary>
    public static readonly Fault TooManyStreams = new(
        "too-many-streams", Severity.Low, ExitCodes.Refused,
        "This gateway sends live values to {0} readers already.", "Close a page, or ask for /api/v1/sensors from time to time.");

    /// <summary>A query parameter that cannot be right. {0} name, {1} what it must be.</summary>
    public static readonly Fault ParameterMalformed = new(
        "parameter-malformed", Severity.Low, ExitCodes.Usage,
        "The parameter {0} is not right.", "It is {1}.");
}
