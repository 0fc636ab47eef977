namespace MeshIoT.Health;

/// <summary>Faults of the coordinator's administration: REST, tokens, login page.</summary>
public static partial class Faults
{
    /// <summary>An admin request cannot be read.</summary>
    public static readonly Fault AdminRequestInvalid = new(
        "admin-request-invalid", Severity.Low, ExitCodes.Usage,
        "The request is wrong: {0}.",
        "Correct it and send it again; /api/v1/openapi.json describes every request.");

    /// <summary>An admin request names something that is not there.</summary>
    public static readonly Fault AdminNotFound = new(
        "admin-not-found", Severity.Low, ExitCodes.NotFound,
        "There is no such {0}.",
        "List what there is with: meshiot {1} list");

    /// <summary>The administration has no such path.</summary>
    public static readonly Fault AdminNoSuchPath = new(
        "admin-no-such-path", Severity.Low, ExitCodes.NotFound,
        "The administration has nothing at that path.",
        "See /api/v1/openapi.json.");

    /// <summary>The path exists, the method does not.</summary>
    public static readonly Fault AdminMethodNotAllowed = new(
        "admin-method-not-allowed", Severity.Low, ExitCodes.Usage,
        "That method is not possible at this path.",
        "Use one of: {0}.");

    /// <summary>The body is not of the type that is read.</summary>
    public static readonly Fault AdminBodyType = new(
        "admin-body-type", Severity.Low, ExitCodes.Usage,
        "The body must be {0}.",
        "Send it with that Content-Type.");

    /// <summary>The body is longer than the path takes.</summary>
    public static readonly Fault AdminBodyTooLarge = new(
        "admin-body-too-large", Severity.Low, ExitCodes.Usage,
        "The body is larger than the {0} bytes that this path takes.",
        "Send less.");

    /// <summary>The body took too long to arrive.</summary>
    public static readonly Fault AdminBodyTooSlow = new(
        "admin-body-too-slow", Severity.Low, ExitCodes.TimedOut,
        "The body did not arrive in time.",
        "Send it again.");

    /// <summary>What was asked does not fit what there is.</summary>
    public static readonly Fault AdminConflict = new(
        "admin-conflict", Severity.Low, ExitCodes.Failed,
        "That cannot be done: {0}.",
        "{1}");

    /// <summary>The network asked without a token.</summary>
    public static readonly Fault ApiTokenNeeded = new(
        "api-token-needed", Severity.Medium, ExitCodes.Refused,
        "The administration needs an API token here.",
        "Create one on the coordinator's machine with: meshiot token create, and send it as: Authorization: Bearer TOKEN");

    /// <summary>The token is not one of this coordinator's, or was revoked.</summary>
    public static readonly Fault ApiTokenUnknown = new(
        "api-token-unknown", Severity.Medium, ExitCodes.Refused,
        "The coordinator does not know this API token; it may have been revoked.",
        "Check that token and coordinator belong together, or create a new one with: meshiot token create");

    /// <summary>The token's time is over.</summary>
    public static readonly Fault ApiTokenExpired = new(
        "api-token-expired", Severity.Medium, ExitCodes.Refused,
        "The API token expired at {0}.",
        "Create a new one with: meshiot token create");

    /// <summary>The token may not do this.</summary>
    public static readonly Fault ScopeMissing = new(
        "scope-missing", Severity.Medium, ExitCodes.Refused,
        "The API token lacks the scope {0}.",
        "Use another token, or create one with: meshiot token create --scope {0}");

    /// <summary>The token's user may not do this.</summary>
    public static readonly Fault RoleTooLow = new(
        "role-too-low", Severity.Medium, ExitCodes.Refused,
        "The role of the token's user does not allow it: {0}.",
        "Ask an owner, or use a token of an owner.");

    /// <summary>A secret came in the clear over a network where others may listen.</summary>
    public static readonly Fault SecretOverPlainHttp = new(
        "secret-over-plain-http", Severity.High, ExitCodes.Refused,
        "A token or code over plain http is taken only from this machine and private networks, because others could read it on the way.",
        "Serve https (--tls-cert and --tls-key, or a proxy on this machine), or work on the coordinator's machine. Replace the secret if you sent one.");

    /// <summary>Too many wrong secrets from one address.</summary>
    public static readonly Fault TooManyFailures = new(
        "too-many-failures", Severity.Medium, ExitCodes.Refused,
        "Too many refused attempts came from this address.",
        "Wait {0} seconds, then try again with a valid token or code.");

    /// <summary>What was typed on the login page is no open code.</summary>
    public static readonly Fault LoginCodeWrong = new(
        "login-code-wrong", Severity.Medium, ExitCodes.Refused,
        "That is no login code that is open now; each is good for one node and 15 minutes.",
        "Compare it with what you were given, or ask for a new one.");

    /// <summary>Too many wrong codes for one login.</summary>
    public static readonly Fault LoginShut = new(
        "login-shut", Severity.Medium, ExitCodes.Refused,
        "This login has had {0} wrong codes and takes no more.",
        "Have it approved with: meshiot login approve, or start again at the machine.");

    /// <summary>Another site sent the login page's form.</summary>
    public static readonly Fault LoginFromElsewhere = new(
        "login-from-elsewhere", Severity.Medium, ExitCodes.Refused,
        "This did not come from the login page itself.",
        "Open the address that the machine shows, and type the code there.");
}
