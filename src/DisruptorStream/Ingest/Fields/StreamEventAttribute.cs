namespace DisruptorStream.Ingest.Fields;

/// <summary>Has the source generator write how events of a partial type are read.</summary>
/// <remarks>
/// The package DisruptorStream.Generators writes <see cref="IStreamEvent{TSelf}"/> for it: one method reads time, key
/// and measures of an event, and one all of a block, in place of a selector for each. Mark one member with
/// <see cref="EventTimeAttribute"/>, one or several with <see cref="EventKeyAttribute"/>, and any number with
/// <see cref="MeasureAttribute"/>; begin with <see cref="StreamProcessorBuilder.ForStreamEvents{TEvent}"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class StreamEventAttribute : Attribute
{
}
