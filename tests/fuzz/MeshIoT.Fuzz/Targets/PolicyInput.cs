using System.Collections.Generic;
using System.Text;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Policy;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Policies that an administrator uploads: a document, or errors that say where.</summary>
sealed class PolicyInput : FuzzTarget
{
    public override string Name => "policy";

    public override long MostAllocated => 4 * 1024 * 1024;

    public override int BytesPerByte => 8192;

    public override IEnumerable<byte[]> Seeds =>
    [
        Encoding.UTF8.GetBytes("""
            // A comment.
            {"groups":{"group:a":["u@example.org"],},"tagOwners":{"tag:s":["group:a"]},"hosts":{"h":"10.0.0.1"},
            "acls":[{"action":"accept","src":["group:a","tag:s","autogroup:member","100.64.0.0/10"],"proto":"tcp","dst":["tag:s:22,80-90","h:*","autogroup:self:*"]}],
            "grants":[{"src":["*"],"dst":["*"],"ip":["tcp:443","icmp:*"]}],/* x */"autoApprovers":{"routes":{"10.0.0.0/8":["tag:s"]}},
            "tests":[{"src":"u@example.org","accept":["tag:s:22"]}],"ssh":[]}
            """),
    ];

    public override void Run(byte[] input) => PolicyDocument.Parse(Encoding.UTF8.GetString(input));
}
