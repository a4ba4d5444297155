using DisruptorStream.Hosting.Sources;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Checks the options of a source; the code is generated from their attributes.</summary>
[OptionsValidator]
internal sealed partial class HostedSourceOptionsValidator : IValidateOptions<HostedSourceOptions>
{
}
