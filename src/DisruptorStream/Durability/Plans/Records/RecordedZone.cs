using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>A time zone by whose rules windows begin and end.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rules">Equal for equal rules.</param>
internal sealed record RecordedZone(string Id, Fingerprint Rules);
