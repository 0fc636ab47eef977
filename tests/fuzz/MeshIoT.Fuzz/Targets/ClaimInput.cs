using System.Collections.Generic;
using System.Text;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Provisioning;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Claims as typed or scanned, and the texts of QR codes.</summary>
sealed class ClaimInput : FuzzTarget
{
    public override string Name => "claim";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            string claim = Claim.Generate(Fixed.Random(8)).ExportText();
            yield return Fixed.Ascii(claim);
            yield return Fixed.Ascii("MESHIOT:1/CONTROL.EXAMPLE:8443/" + claim);
            yield return Fixed.Ascii("https://control.example:8443/c/" + claim);
        }
    }

    public override void Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        Promise(!Claim.TryParse(text, out Claim? claim) || claim.ExportText().Length == Claim.Length, "a claim of another length");
        bool isText = ProvisioningText.TryParse(text, out ProvisioningText? parsed, out Health.FaultReport? fault);
        Promise(isText ? parsed is not null : fault is not null, "neither a text nor a reason");
        Promise(fault is null || text.Length < 24 || !fault.ToString().Contains(text, System.StringComparison.Ordinal), "the reason repeats what may be a secret");
    }
}
