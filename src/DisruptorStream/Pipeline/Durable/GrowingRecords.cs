using DisruptorStream.Identities;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>
/// The records of a processor without threads: the next call that publishes takes them, and nobody waits for it. What
/// gathers until then are the keys that are looked up without an event.
/// </summary>
internal sealed class GrowingRecords : ISideLogReader
{
    public void MakeRoom()
    {
    }
}
