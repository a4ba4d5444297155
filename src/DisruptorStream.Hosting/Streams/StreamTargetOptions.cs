namespace DisruptorStream.Hosting.Streams;

/// <summary>Has nothing to set: its validation at the start finds what is added to streams that are not there.</summary>
internal sealed class StreamTargetOptions;
