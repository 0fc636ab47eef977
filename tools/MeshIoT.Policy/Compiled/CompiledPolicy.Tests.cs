using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Compiler;
using MeshIoT.Policy.Document;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy;

/// <summary>The tests that a policy brings along.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>
    /// Runs tests and sshTests. Empty = all hold; a document with a failure is not to be put in force. An accept holds when every node of
    /// the source gets there; a deny when none does.
    /// </summary>
    public ImmutableArray<PolicyError> RunTests()
    {
        ImmutableArray<PolicyError>.Builder failures = ImmutableArray.CreateBuilder<PolicyError>();
        ReachTester reach = new(this, snapshot);
        foreach (ReachTest test in Document.Tests)
        {
            reach.Run(test, failures);
        }

        SshTester ssh = new(this, graph, snapshot);
        foreach (SshTest test in Document.SshTests)
        {
            ssh.Run(test, failures);
        }

        return failures.ToImmutable();
    }
}
