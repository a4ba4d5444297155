using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>One of the keys of an event.</summary>
/// <param name="Name">Its name; of a key that is made of others, theirs.</param>
/// <param name="Type">The type of the keys, for people.</param>
/// <param name="Identity">Of the type, and of the keys that it is made of.</param>
internal sealed record RecordedKey(string Name, string Type, Fingerprint Identity) : INamed;
