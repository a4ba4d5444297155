using DisruptorStream.Building;

namespace DisruptorStream.Testing;

/// <summary>
/// Makes drivers for tests of a pipeline: events in, panes out, on one thread and by a virtual clock.
/// </summary>
public static class StreamTestDriver
{
    /// <summary>The name of the source that the publish methods of a driver and of a script are.</summary>
    public const string MainSource = "main";

    /// <summary>
    /// Builds the pipeline for a test, with events that are a key, a time and measures. The clock begins at the Unix
    /// epoch; it says nothing about the times of the events, so the guard against events in the future is off.
    /// </summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <param name="pipeline">
    /// What the builder gives before <c>Build</c>. Its options, sinks and logger stay; its mode becomes Inline and its
    /// clock the driver's.
    /// </param>
    /// <exception cref="ArgumentException">The settings do not go together; the message says which.</exception>
    public static KeyedTestDriver<TKey> Create<TKey>(BuildStep<TKey> pipeline)
        where TKey : notnull =>
        Create(pipeline, new DriverOutputs<TKey>(null));

    /// <summary>
    /// Builds the pipeline for a test, with events of the host's own type. The clock begins at the Unix epoch; it says
    /// nothing about the times of the events, so the guard against events in the future is off.
    /// </summary>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <inheritdoc cref="Create{TKey}(BuildStep{TKey})"/>
    public static EventTestDriver<TEvent, TKey> Create<TEvent, TKey>(
        BuildStep<TEvent, TKey> pipeline)
        where TKey : notnull =>
        Create(pipeline, new DriverOutputs<TKey>(null));

    /// <summary>Builds the pipeline for a test, with a clock that begins at a time of your choice.</summary>
    /// <inheritdoc cref="Create{TKey}(BuildStep{TKey})"/>
    /// <param name="startTime">Where the clock begins; the guard against events in the future is as built.</param>
    /// <param name="pipeline">What the builder gives before <c>Build</c>.</param>
    public static KeyedTestDriver<TKey> CreateAt<TKey>(
        DateTimeOffset startTime, BuildStep<TKey> pipeline)
        where TKey : notnull =>
        Create(pipeline, new DriverOutputs<TKey>(startTime));

    /// <summary>Builds the pipeline for a test, with a clock that begins at a time of your choice.</summary>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <inheritdoc cref="CreateAt{TKey}(DateTimeOffset, BuildStep{TKey})"/>
    public static EventTestDriver<TEvent, TKey> CreateAt<TEvent, TKey>(
        DateTimeOffset startTime, BuildStep<TEvent, TKey> pipeline)
        where TKey : notnull =>
        Create(pipeline, new DriverOutputs<TKey>(startTime));

    private static KeyedTestDriver<TKey> Create<TKey>(
        BuildStep<TKey> pipeline, DriverOutputs<TKey> outputs)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new KeyedTestDriver<TKey>(outputs.Prepare(pipeline).Build(), outputs);
    }

    private static EventTestDriver<TEvent, TKey> Create<TEvent, TKey>(
        BuildStep<TEvent, TKey> pipeline, DriverOutputs<TKey> outputs)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new EventTestDriver<TEvent, TKey>(outputs.Prepare(pipeline).Build(), outputs);
    }
}
