using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>One point of what a thing means: equal where the identities are, and told to people by the text.</summary>
/// <param name="Name">The point, such as "windows".</param>
/// <param name="Text">What it is, for people.</param>
/// <param name="Identity">Equal points have equal ones.</param>
internal sealed record RecordedPart(string Name, string Text, Fingerprint Identity)
{
    /// <summary>The identity of a point of which nothing is in the state: it may become anything.</summary>
    public static Fingerprint Nothing => default;
}
