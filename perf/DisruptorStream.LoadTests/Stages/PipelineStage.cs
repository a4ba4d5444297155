namespace DisruptorStream.LoadTests.Stages;

/// <summary>A part of the way of an event.</summary>
internal enum PipelineStage
{
    /// <summary>From the call to the slots.</summary>
    Ingest,

    /// <summary>Watermark, lateness and window of each event.</summary>
    Assignment,

    /// <summary>Finding the record of each event and folding the event in.</summary>
    Aggregation,

    /// <summary>Panes from their records to the sink.</summary>
    Emission,
}
