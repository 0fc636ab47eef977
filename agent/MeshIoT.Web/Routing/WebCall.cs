using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Routing;

/// <summary>One request on its way to its operation.</summary>
/// <param name="Request">The request.</param>
/// <param name="Parameters">The path's parameters by name.</param>
/// <param name="Stop">Ends the work.</param>
public sealed record WebCall(HttpRequest Request, IReadOnlyDictionary<string, string> Parameters, CancellationToken Stop)
{
    /// <summary>A parameter of the path.</summary>
    public string this[string parameter] => Parameters[parameter];

    /// <summary>A parameter of the query; null when it is not there.</summary>
    public string? Query(string name) => Request.Query.GetValueOrDefault(name);

    /// <summary>The fault of a query parameter that is not what it must be.</summary>
    public static FaultException Malformed(string name, string expects) => Faults.ParameterMalformed.With(name, expects).ToException();
}
