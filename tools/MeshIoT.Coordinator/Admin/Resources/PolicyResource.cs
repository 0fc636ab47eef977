using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Policy;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>The policy: read, tried, and set by whoever says which version it started from.</summary>
internal sealed class PolicyResource(AdminContext admin)
{
    const string Path = "/api/v1/policy", Text = """{"text":"{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}]}"}""";

    const string Example = """{"id":"4","text":"{\"acls\": []}","created":"2026-11-25T08:00:00+00:00","author":"local"}""";

    const int MaxErrors = 50, MaxErrorsInMessage = 10;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "getPolicy", "The policy in force; its version is the ETag. Version 0 with an empty text: none was ever set, and everybody may reach everybody.", new(Scopes.PolicyRead), c => ShowAsync(c, admin.Tailnet.Policy))
        {
            Response = AdminJson.Default.PolicyDto, ResponseExample = Example,
        },
        new("PUT", Path, "setPolicy", "Puts a policy in force, if it has no fault and all its tests hold.", new(Scopes.PolicyWrite), SetAsync)
        {
            Request = AdminJson.Default.PolicyTextDto, RequestExample = Text, Response = AdminJson.Default.PolicyDto, ResponseExample = Example, IfMatch = true, Problems = [412, 422],
        },
        new("POST", Path + "/test", "testPolicy", "Says what setting a policy would say, without doing it.", new(Scopes.PolicyRead), TestAsync)
        {
            Request = AdminJson.Default.PolicyTextDto, RequestExample = Text, Response = AdminJson.Default.PolicyTestDto,
            ResponseExample = """{"good":false,"errors":[{"line":3,"column":7,"message":"unknown field"}]}""",
        },
    ];

    static Task ShowAsync(AdminCall call, PolicyRecord? policy)
    {
        string id = (policy?.Id ?? 0).ToString(CultureInfo.InvariantCulture);
        call.SetHeader("ETag", $"\"{id}\"");
        return call.WriteAsync(new PolicyDto { Id = id, Text = policy?.Text ?? "", Created = policy?.Created, Author = policy?.Author }, AdminJson.Default.PolicyDto);
    }

    async Task SetAsync(AdminCall call)
    {
        long? expected = ReadIfMatch(call.Header("If-Match"));
        PolicyTextDto asked = await call.ReadAsync(AdminJson.Default.PolicyTextDto, AdminCall.MaxPolicyBodyBytes).ConfigureAwait(false);
        PolicyOutcome outcome = await PolicyChange.SetAsync(admin.Writer, asked.Text, call.Actor, expected).ConfigureAwait(false);
        if (outcome.IsConflict)
        {
            throw Faults.PolicyChanged.With(outcome.Policy?.Id ?? 0).ToException();
        }

        await (outcome.IsGood ? ShowAsync(call, outcome.Policy) : RefuseAsync(call, outcome.Errors)).ConfigureAwait(false);
    }

    async Task TestAsync(AdminCall call)
    {
        PolicyTextDto asked = await call.ReadAsync(AdminJson.Default.PolicyTextDto, AdminCall.MaxPolicyBodyBytes).ConfigureAwait(false);
        PolicyOutcome outcome = PolicyChange.Check(admin.Tailnet, asked.Text);
        await call.WriteAsync(new PolicyTestDto { Good = outcome.IsGood, Errors = ToDtos(outcome.Errors) }, AdminJson.Default.PolicyTestDto).ConfigureAwait(false);
    }

    static Task RefuseAsync(AdminCall call, ImmutableArray<PolicyError> errors)
    {
        string shown = string.Join("; ", errors.Take(MaxErrorsInMessage)) + (errors.Length > MaxErrorsInMessage ? "; and more" : "");
        ProblemDto p = ProblemDto.From(Faults.PolicyRefused.With(shown), StatusCodes.Status422UnprocessableEntity);
        PolicyProblemDto problem = new()
        {
            Type = p.Type, Title = p.Title, Status = p.Status, Detail = p.Detail, Code = p.Code, Message = p.Message, Next = p.Next, Errors = ToDtos(errors),
        };
        return call.WriteProblemAsync(p.Status, problem, AdminJson.Default.PolicyProblemDto);
    }

    static List<PolicyErrorDto> ToDtos(ImmutableArray<PolicyError> errors) =>
        [.. errors.Take(MaxErrors).Select(e => new PolicyErrorDto { Line = e.Line, Column = e.Column, Message = e.Message })];

    // RFC 9110 section 13.1.1; one version is all that makes sense here.
    static long? ReadIfMatch(string header)
    {
        string text = header.Trim();
        return text is "" or "*" ? null
            : text.Length > 2 && text[0] == '"' && text[^1] == '"' && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id
            : throw AdminCall.Invalid("the If-Match header is not the ETag of a policy");
    }
}
