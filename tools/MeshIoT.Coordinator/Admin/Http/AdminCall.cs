using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>One call of an operation: who calls, with which parameters; reads the body and writes the answer, both within bounds.</summary>
internal sealed class AdminCall(HttpContext context, Caller caller, IReadOnlyDictionary<string, string> parameters, CoordinatorLimits limits)
{
    /// <summary>Bodies of everything but a policy, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The body of a policy, in bytes.</summary>
    public const int MaxPolicyBodyBytes = 1024 * 1024;

    const int DefaultPage = 1000, MaxPage = 1000;

    public Caller Caller => caller;

    /// <summary>Who is written into the audit log.</summary>
    public string Actor => caller.Actor;

    /// <summary>The value of a header, or empty.</summary>
    public string Header(string name) => context.Request.Headers[name].ToString();

    /// <summary>A parameter of the path.</summary>
    public string Parameter(string name) => parameters[name];

    /// <summary>A query parameter; null when absent.</summary>
    /// <exception cref="FaultException">It is there more than once, or too long.</exception>
    public string? Query(string name)
    {
        var values = context.Request.Query[name];
        return values.Count == 0 ? null
            : values.Count == 1 && values[0]!.Length <= 256 ? values[0]
            : throw Invalid($"the query parameter {name} is given more than once, or too long");
    }

    /// <summary>A query parameter that is true or false.</summary>
    /// <exception cref="FaultException">It is neither.</exception>
    public bool? Flag(string name) => Query(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Invalid($"the query parameter {name} is neither true nor false"),
    };

    /// <summary>How many entries the answer may have.</summary>
    /// <exception cref="FaultException">It is not within bounds.</exception>
    public int Limit(int otherwise = DefaultPage) =>
        Query("limit") is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxPage ? limit
        : throw Invalid($"the query parameter limit is not between 1 and {MaxPage}");

    /// <summary>The number behind which the page starts; null: at the beginning.</summary>
    /// <exception cref="FaultException">It is not one that an answer gave.</exception>
    public long? Cursor() =>
        Query("cursor") is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long cursor) ? cursor
        : throw Invalid("the query parameter cursor is not the nextCursor of an answer");

    /// <summary>Reads the body, strictly.</summary>
    /// <exception cref="FaultException">It is not what belongs here; the message names the field.</exception>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type, int limit = MaxBodyBytes)
        where T : class
    {
        // A browser page cannot send this type to another origin without asking first.
        string contentType = context.Request.ContentType ?? "";
        int end = contentType.IndexOf(';', StringComparison.Ordinal);
        if (!contentType.AsSpan(0, end < 0 ? contentType.Length : end).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw Faults.AdminBodyType.With("application/json").ToException();
        }

        return StrictJson.Read(await ReadBodyAsync(context, limit, limits.BodyTimeout).ConfigureAwait(false), type);
    }

    public Task WriteAsync<T>(int status, T value, JsonTypeInfo<T> type) => HttpBodies.WriteJsonAsync(context, status, value, type);

    public Task WriteAsync<T>(T value, JsonTypeInfo<T> type) => WriteAsync(StatusCodes.Status200OK, value, type);

    /// <summary>Writes bytes that are JSON already.</summary>
    public Task WriteRawAsync(byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, 0, json.Length, context.RequestAborted);
    }

    /// <summary>Writes a problem that has more in it than others.</summary>
    public Task WriteProblemAsync<T>(int status, T problem, JsonTypeInfo<T> type) => HttpBodies.WriteJsonAsync(context, status, problem, type, "application/problem+json");

    public Task WriteTextAsync(string text) => HttpBodies.WriteTextAsync(context, StatusCodes.Status200OK, text);

    /// <summary>Sets a header of the answer.</summary>
    public void SetHeader(string name, string value) => context.Response.Headers[name] = value;

    public Task NoContentAsync()
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The fault for a request that is wrong in the way that <paramref name="why"/> says.</summary>
    public static FaultException Invalid(string why) => Faults.AdminRequestInvalid.With(why).ToException();

    /// <summary>Reads a whole body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="FaultException">It is longer, or too slow.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpContext context, int limit, TimeSpan patience)
    {
        if (context.Request.ContentLength > limit)
        {
            throw Faults.AdminBodyTooLarge.With(limit).ToException();
        }

        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(patience);
        try
        {
            using MemoryStream body = new();
            byte[] buffer = new byte[4096];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, late.Token).ConfigureAwait(false)) > 0)
            {
                if (body.Length + read > limit)
                {
                    throw Faults.AdminBodyTooLarge.With(limit).ToException();
                }

                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
        catch (BadHttpRequestException e)
        {
            throw (e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Faults.AdminBodyTooLarge.With(limit) : Faults.AdminRequestInvalid.With("the body cannot be read")).ToException(e);
        }
        catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Faults.AdminBodyTooSlow.With().ToException(e);
        }
    }
}
