//! The documents of an object: Macie's finding and discovery result. The engine asks for them
//! without knowing their form.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::detect::Catalogue;
use crate::job::{Documents, Render};
use crate::model::{AccountId, JobInfo, ObjectRecord};
use crate::source::Target;
use crate::store::ResultFile;
use crate::wire::{FindingContext, ResultWriter, write_finding};

/// Region in documents about objects of which none is known.
const REGION_UNKNOWN: &str = "us-east-1";

/// Makes Macie's documents.
pub struct MacieDocuments {
    catalogue: Arc<Catalogue>,
    account: AccountId,
    region: String,
    results_location: String,
}

impl MacieDocuments {
    pub fn new(
        catalogue: Arc<Catalogue>,
        account: AccountId,
        region: Option<&str>,
        results: &Target,
    ) -> Self {
        let from_environment = || {
            ["AWS_REGION", "AWS_DEFAULT_REGION"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
        };
        let results_location = results.uri().trim_end_matches('/').to_owned();
        MacieDocuments {
            catalogue,
            account,
            region: region
                .map(str::to_owned)
                .or_else(from_environment)
                .unwrap_or_else(|| REGION_UNKNOWN.to_owned()),
            results_location,
        }
    }
}

impl Render for MacieDocuments {
    fn render(&self, job: &JobInfo, record: &ObjectRecord, at: DateTime<Utc>) -> Documents {
        let context = FindingContext {
            account: self.account.clone(),
            region: self.region.clone(),
            job_id: job.job_id().clone(),
            run: job.run.as_ref().map(|run| run.number),
            results_location: Some(self.results_location.clone()),
            strict: false,
        };
        let index = self.catalogue.index();
        let mut document = Vec::new();
        let finding = write_finding(&mut document, &context, record, index, at).then(|| {
            (
                context.finding_id(record.target, &record.meta),
                String::from_utf8_lossy(&document).into_owned(),
            )
        });
        Documents {
            finding,
            result: Some(ResultFile {
                name: context.result_name(record.target, &record.meta),
                body: ResultWriter::new().file(&context, record, index, at),
            }),
        }
    }
}
