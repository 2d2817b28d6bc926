//! Who takes part in a run, and what each reader follows: both are a matter of the options.

use super::options::Options;
use super::place::{Model, Reader, TopicName};

/// Does this reader take part? A read model that does not has no instances, costs nothing, and is judged by nobody.
pub fn takes_part(options: &Options, reader: Reader) -> bool {
    match reader {
        Reader::Saga => options.saga.enabled,
        // Both versions of a model stand and fall with it.
        Reader::Projection(model) | Reader::Second(model) => {
            options.consumer(Reader::Projection(model)).enabled
                && options.projections.versions.of(model).stage(reader).runs()
        }
        _ => options.consumer(reader).enabled,
    }
}

/// Has this reader taken part, now or at some time?
pub fn took_part(options: &Options, reader: Reader) -> bool {
    match reader {
        Reader::Projection(_) => options.consumer(reader).enabled,
        Reader::Second(model) => {
            options.consumer(reader).enabled && options.projections.versions.of(model).was_begun(reader)
        }
        _ => takes_part(options, reader),
    }
}

/// Is it written in the command's transaction rather than from the log?
pub fn is_synchronous(options: &Options, reader: Reader) -> bool {
    let settings = options.consumer(reader);
    takes_part(options, reader) && settings.synchronous
}

/// How many instances it has.
pub fn instances(options: &Options, reader: Reader) -> usize {
    let settings = options.consumer(reader);
    if takes_part(options, reader) && !settings.synchronous { usize::from(settings.instances) } else { 0 }
}

/// The topics that it follows. An order view with names is made of what all three services publish, and an order work queue
/// that is guarded knows of rights.
pub fn topics(options: &Options, reader: Reader) -> &'static [TopicName] {
    match reader {
        Reader::Projection(Model::OrderWorkQueue) | Reader::Second(Model::OrderWorkQueue)
            if options.queries.access.is_some() =>
        {
            &[TopicName::OrderEvents, TopicName::CustomerEvents]
        }
        Reader::Projection(Model::OrderView) | Reader::Second(Model::OrderView)
            if options.projections.order_view.names =>
        {
            &TopicName::ALL
        }
        _ => reader.topics(),
    }
}

/// Does it begin with what the log held before the run? Only what is about products or customers is there by then.
pub fn begins_with_the_catalogue(options: &Options, reader: Reader) -> bool {
    let owned = |topic: &TopicName| *topic != TopicName::OrderEvents;
    takes_part(options, reader) && reader.model().is_some() && topics(options, reader).iter().any(owned)
}
