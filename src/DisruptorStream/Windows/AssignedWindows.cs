using DisruptorStream.Identities;

namespace DisruptorStream.Windows;

/// <summary>Windows by a user's rule.</summary>
/// <param name="Assigner">The rule.</param>
internal sealed record AssignedWindows(CustomWindows Assigner) : WindowDefinition
{
    public override string Describe() => "custom";

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("assigned");
        writer.Add(Assigner.AssignerType);
    }
}
