namespace DisruptorStream.Emission.Durable;

/// <summary>A sink that can say which results it holds, so that none is lost or doubled by a crash.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>
/// The contract: a write stores results and position together, and a repeat is harmless. The position is the number of
/// the last result (<see cref="WindowResult{TKey}.Number"/>), kept for each owner's processor and query. A write of
/// results at or below the position changes nothing. Where it is not known whether a write has happened, open again and
/// ask.
/// </para>
/// <para>
/// <see cref="IDurableStore.OpenAsync"/> comes first. A durable processor opens its sinks while it is built, then
/// begins to deliver behind what each of them holds; its results reach the sink in the order of their numbers, without
/// gaps.
/// <see cref="ISink.OnStart"/> and the other calls follow as for every <see cref="IResultSink{TKey}"/>, on the thread
/// that is said there.
/// </para>
/// <para>
/// A processor that is not durable forgets its numbers when it ends, and begins at 1 again in each run. There the sink
/// is an ordinary one: it is opened once, on the emitting thread, right before <see cref="ISink.OnStart"/>, with
/// <see cref="DurableSinkOwner.Epoch"/> 0, and the number that it returns is not looked at. With that epoch a sink
/// stores whatever it is given, fences nobody, and leaves the position of durable owners alone. What opening throws is
/// treated as the sink's <see cref="SinkFailurePolicy"/> says.
/// </para>
/// <para>A sink belongs to one query: give each query a sink of its own.</para>
/// </remarks>
public interface IDurableSink<TKey> : IResultSink<TKey>, IDurableStore
{
}
