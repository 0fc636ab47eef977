using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Commands;
using MeshIoT.Health;

namespace MeshIoT.Cli.Coordinator;

/// <summary>One run of a command that asks the coordinator: its arguments, its client, and the manners of all such commands.</summary>
internal sealed class CoordinatorCall(ParseResult parsed, CoordinatorClient client, CancellationToken ct)
{
    /// <summary>Which coordinator.</summary>
    public static readonly Option<string?> Coordinator = new("--coordinator")
    {
        Description = "The coordinator's socket, or its URL (default: MESHIOT_COORDINATOR, else MESHIOT_COORDINATOR_SOCKET, else /run/meshiot/coordinator.sock, else the user's runtime directory).",
        HelpName = "PATH|URL",
    };

    /// <summary>The API token for a URL.</summary>
    public static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "A file with the API token for a URL; - reads it from standard input (also: MESHIOT_TOKEN).", HelpName = "FILE",
    };

    /// <summary>No question before what cannot be undone.</summary>
    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask before what cannot be undone." };

    const int MaxPages = 1000;

    public bool IsJson => parsed.GetValue(Shared.Json);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>An argument as a segment of a path.</summary>
    public string Segment(Argument<string> argument) => Uri.EscapeDataString(Value(argument));

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) =>
        client.SendAsync(HttpMethod.Get, path, null, CoordinatorJson.Default.NothingDto, type, null, ct);

    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type) =>
        client.SendAsync(HttpMethod.Post, path, null, CoordinatorJson.Default.NothingDto, type, null, ct);

    public Task<T> SendAsync<TBody, T>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string? ifMatch = null)
        where TBody : class => client.SendAsync(method, path, body, bodyType, type, ifMatch, ct);

    /// <summary>POST without a body either way.</summary>
    public Task PostAsync(string path) => client.SendAsync(HttpMethod.Post, path, ct);

    public Task DeleteAsync(string path) => client.SendAsync(HttpMethod.Delete, path, ct);

    /// <summary>Every entry of a list that comes in pages.</summary>
    public async Task<List<TItem>> ListAsync<TPage, TItem>(string path, JsonTypeInfo<TPage> type, Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> open)
    {
        List<TItem> all = [];
        string? cursor = null;
        for (int page = 0; page < MaxPages; page++)
        {
            string query = cursor is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}";
            (IReadOnlyList<TItem> items, cursor) = open(await GetAsync(query, type).ConfigureAwait(false));
            all.AddRange(items);
            if (cursor is null)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>The answer on stdout: as JSON where that is asked for, else as <paramref name="inWords"/> prints it.</summary>
    public int Print<T>(T answer, JsonTypeInfo<T> type, Action inWords)
    {
        if (IsJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, type));
        }
        else
        {
            inWords();
        }

        return ExitCodes.Done;
    }

    /// <summary>A note on stderr, for people.</summary>
    public int Note(string text)
    {
        if (!IsJson)
        {
            Console.Error.WriteLine(text);
        }

        return ExitCodes.Done;
    }

    /// <summary>Goes on after a yes: by option, or at a terminal.</summary>
    /// <exception cref="FaultException">There is neither, or the answer is no.</exception>
    public void Confirm(string what)
    {
        if (Value(Yes))
        {
            return;
        }

        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw Faults.ConfirmationNeeded.With(what).ToException();
        }

        Console.Error.Write(what + "? [y/N] ");
        if (Console.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw Faults.NotConfirmed.With().ToException();
        }
    }
}
