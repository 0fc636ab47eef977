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

    /// <summary>Somebody who may read wants to set an output. {0} the capability.</summary>
    public static readonly Fault SwitchNotGranted = new(
        "switch-not-granted", Severity.Low, ExitCodes.Refused,
        "The tailnet's policy does not let you set outputs of this gateway.",
        "Have a grant added to the policy: \"app\": {{\"{0}\": [{{}}]}} from you to this gateway; or set it on the gateway itself with: meshiot output set");

    /// <summary>Outside the tailnet nothing may be changed.</summary>
    public static readonly Fault OutsideReadsOnly = new(
        "outside-reads-only", Severity.Low, ExitCodes.Refused,
        "From outside the tailnet nothing can be set.", "Come through the tailnet, or give the gateway a token: web_token_file.");

    /// <summary>The token is missing or wrong.</summary>
    public static readonly Fault WebTokenWanted = new(
        "web-token-wanted", Severity.Low, ExitCodes.Refused,
        "To set outputs from outside the tailnet the gateway's token is needed.", "Send it as: Authorization: Bearer TOKEN");

    /// <summary>A browser sends this for a page of somebody else.</summary>
    public static readonly Fault ForeignPage = new(
        "foreign-page", Severity.Medium, ExitCodes.Refused,
        "That came from a page that is not this gateway's.", "Use the gateway's own page, by its name or address.");
}
