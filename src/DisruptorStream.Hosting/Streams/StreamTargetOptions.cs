namespace DisruptorStream.Hosting.Streams;

/// <summary>Has nothing to set: validating it finds what is added to streams that are not there.</summary>
internal sealed class StreamTargetOptions;
