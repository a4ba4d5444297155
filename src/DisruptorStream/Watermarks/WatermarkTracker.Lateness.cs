using DisruptorStream.Watermarks.Lateness;

namespace DisruptorStream.Watermarks;

/// <content>Keeps how late the events of each source come, of those that are looked at.</content>
internal sealed partial class WatermarkTracker
{
    private LatenessSample _sample = new();

    /// <summary>Whether the next events are looked at for how late they come.</summary>
    public bool LooksAtLateness => _sample.IsOpen;

    /// <summary>For how many events that stays so: at least one.</summary>
    public int LatenessChangesIn => _sample.Left;

    /// <summary>Whether none of the next events is looked at, up to this number.</summary>
    public bool SkipsLateness(int count) => _sample.Skips(count);

    /// <summary>Events have come, no more than until that changes.</summary>
    public void PassLateness(int count) => _sample.Pass(count);

    /// <summary>Events of a source were looked at, whether they are behind or not.</summary>
    public void AddLooked(int source, int count) => LatenessOf(source).AddEvents(count);

    /// <summary>One of them came behind the newest one of its source.</summary>
    public void AddBehind(int source, long ticks) => LatenessOf(source).AddBehind(ticks);

    private LatenessCounts LatenessOf(int source) => _sources[source].Lateness ??= new LatenessCounts();
}
