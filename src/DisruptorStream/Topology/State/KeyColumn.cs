using System.Buffers;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.State;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Topology.State;

/// <summary>The keys of one name: what each id stands for. Queries that group by the same name share it.</summary>
internal abstract class KeyColumn
{
    /// <summary>The table of the keys, or of their combinations.</summary>
    public abstract object Table { get; }

    /// <summary>The combinations, where the keys are made of others; null where they are not.</summary>
    public virtual CompositeKeys? Composites => null;

    /// <summary>The ids, for those who give idle ones up.</summary>
    public abstract IKeyLifetime Lifetime { get; }

    /// <summary>In which order the keys came.</summary>
    public abstract IKeyOrder Order { get; }

    /// <summary>Keys in the table.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the keys have a codec.</summary>
    public abstract bool HasCodec { get; }

    /// <summary>The keys, where they are of that type.</summary>
    public abstract IKeySource<TSource> SourceOf<TSource>()
        where TSource : notnull;

    /// <summary>Frees the id of a retired key.</summary>
    public abstract void Release(int keyId);

    /// <summary>Tells a side log of all keys, those that there are and those to come.</summary>
    /// <param name="log">What is told.</param>
    /// <param name="column">The number of the keys among those of an event.</param>
    /// <param name="goesOnFrom">
    /// The slot from which on a log goes on that knows all that there is; -1 for a log that knows nothing.
    /// </param>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public abstract void Attach(SideLog log, int column, long goesOnFrom);

    /// <summary>Tells the keys again, as records say.</summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public abstract KeyReplayer NewReplayer();

    /// <summary>Writes all as records.</summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public abstract void Save(IBufferWriter<byte> output);
}
